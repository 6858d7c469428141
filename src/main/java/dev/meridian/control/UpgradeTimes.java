package dev.meridian.control;

import java.time.Duration;

/**
 * How long one process waits for the other.
 *
 * @param load for the new one to load
 * @param step for every other word
 * @param gone for a process to end that has failed, before it is killed
 */
public record UpgradeTimes(Duration load, Duration step, Duration gone) {
  /** A set that takes ten minutes to load is larger than any we know of. */
  public static final UpgradeTimes DEFAULT =
      new UpgradeTimes(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
