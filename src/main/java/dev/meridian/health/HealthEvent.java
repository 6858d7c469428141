package dev.meridian.health;

import java.time.Instant;

/**
 * One change of what may be answered.
 *
 * @param at wall clock
 * @param id of the check
 * @param standing from then on
 */
public record HealthEvent(Instant at, String id, Standing standing) {}
