package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;

/**
 * One past result of a check, as charts need it.
 *
 * @param at when it came in; wall clock, to the millisecond
 * @param outcome what it meant
 * @param healthy whether the check was healthy after it
 * @param took how long the probe was; to the microsecond, at most 268 s
 */
public record CheckSample(
    Instant at, Observation.Outcome outcome, boolean healthy, Duration took) {}
