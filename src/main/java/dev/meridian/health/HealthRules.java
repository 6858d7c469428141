package dev.meridian.health;

/**
 * What stands between verdicts and answers.
 *
 * @param damping of targets that come and go
 * @param guard against everything going at once
 */
public record HealthRules(Damping damping, ChangeGuard guard) {
  /** The written defaults. */
  public static final HealthRules DEFAULT = new HealthRules(Damping.DEFAULT, ChangeGuard.DEFAULT);

  /** Verdicts pass as they are. */
  public static final HealthRules PLAIN = new HealthRules(Damping.OFF, ChangeGuard.OFF);
}
