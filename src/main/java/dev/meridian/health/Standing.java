package dev.meridian.health;

import java.util.Locale;

/**
 * What routing makes of a check, and why.
 *
 * @param healthy whether it may be answered
 * @param counted whether calculated checks count it as healthy
 * @param cause what decided
 * @param reason for people
 */
public record Standing(boolean healthy, boolean counted, Cause cause, String reason) {
  /** What can decide, the strongest first. */
  public enum Cause {
    /** A person. */
    OVERRIDE,
    /** The definition says that it is disabled. */
    DISABLED,
    /** Other checks, of which it is calculated. */
    CALCULATED,
    /** The guard: it would be down, had not so much gone down at once. */
    GUARD,
    /** Damping: it would be up, had it not come and gone so often. */
    DAMPING,
    /** The votes of several vantage points. */
    VOTES,
    /** The verdict of its own probes. */
    VERDICT,
    /** Nothing is known yet. */
    NO_DATA;

    /** {@code no-data}: as programs read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** {@code healthy}, {@code held} (healthy by the guard alone) or {@code unhealthy}. */
  public String word() {
    if (!healthy) {
      return "unhealthy";
    }
    return cause == Cause.GUARD ? "held" : "healthy";
  }
}
