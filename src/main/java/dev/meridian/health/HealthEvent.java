package dev.meridian.health;

import java.time.Instant;

/** One change in health checking, as it is told to people and programs. */
public sealed interface HealthEvent {
  /** When, by the wall clock. */
  Instant at();

  /**
   * What may be answered has changed, or the guard began to hold what would have changed it.
   *
   * @param id of the check
   * @param before what stood until then
   * @param standing from then on
   */
  record Changed(Instant at, String id, Standing before, Standing standing)
      implements HealthEvent {}

  /** A person's decision is in force from now on. */
  record OverrideSet(Instant at, HealthOverride override) implements HealthEvent {}

  /**
   * A person's decision is in force no more.
   *
   * @param expired whether its time was over; if not, somebody ended or replaced it
   */
  record OverrideEnded(Instant at, HealthOverride override, boolean expired)
      implements HealthEvent {}
}
