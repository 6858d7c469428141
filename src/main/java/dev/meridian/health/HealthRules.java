package dev.meridian.health;

/**
 * What stands between verdicts and answers.
 *
 * @param damping of targets that come and go
 * @param guard against everything going at once
 * @param electorate whose verdicts count
 */
public record HealthRules(Damping damping, ChangeGuard guard, Electorate electorate) {
  /** The written defaults. */
  public static final HealthRules DEFAULT = new HealthRules(Damping.DEFAULT, ChangeGuard.DEFAULT);

  /** Verdicts pass as they are. */
  public static final HealthRules PLAIN = new HealthRules(Damping.OFF, ChangeGuard.OFF);

  /** Rules of a server by itself. */
  public HealthRules(Damping damping, ChangeGuard guard) {
    this(damping, guard, Electorate.ALONE);
  }

  /** These rules among several. */
  public HealthRules with(Electorate others) {
    return new HealthRules(damping, guard, others);
  }
}
