package dev.meridian.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one check at one moment.
 *
 * @param index the check's number in the {@link HealthRegistry}
 * @param check its definition
 * @param state what the results so far say
 * @param since when {@link #isHealthy()} last changed, or when the check was defined; wall clock,
 *     for people only
 * @param last the most recent result; null before the first
 * @param observedAt when {@code last} came in; wall clock, for people only
 */
public record HealthStatus(
    int index,
    HealthCheck check,
    Hysteresis.State state,
    Instant since,
    @Nullable Observation last,
    @Nullable Instant observedAt) {
  /** A check that was just defined. */
  static HealthStatus initial(int index, HealthCheck check, Instant now) {
    return new HealthStatus(index, check, Hysteresis.State.INITIAL, now, null, null);
  }

  /** See {@link HealthCheck#id()}. */
  public String id() {
    return check.id();
  }

  /**
   * What routing goes by, from the verdict and two switches (Route 53).
   *
   * <table>
   * <caption>Effective status</caption>
   * <tr><th>disabled</th><th>inverted</th><th>verdict</th><th>healthy</th></tr>
   * <tr><td>no</td><td>no</td><td>up, or no data yet</td><td>yes</td></tr>
   * <tr><td>no</td><td>no</td><td>down</td><td>no</td></tr>
   * <tr><td>no</td><td>yes</td><td>up, or no data yet</td><td>no</td></tr>
   * <tr><td>no</td><td>yes</td><td>down</td><td>yes</td></tr>
   * <tr><td>yes</td><td>no</td><td>ignored</td><td>yes</td></tr>
   * <tr><td>yes</td><td>yes</td><td>ignored</td><td>no</td></tr>
   * </table>
   */
  public boolean isHealthy() {
    HealthCheck.Settings settings = check.settings();
    return (settings.disabled() || state.up()) != settings.inverted();
  }

  /** This status after one more result. */
  HealthStatus observed(Observation observation, Instant now) {
    HealthCheck.Settings settings = check.settings();
    Hysteresis rule = new Hysteresis(settings.failureThreshold(), settings.successThreshold());
    Hysteresis.State next = rule.next(state, observation.outcome());
    return sinceComparedTo(
        this, new HealthStatus(index, check, next, since, observation, now), now);
  }

  /** This status under another definition: the verdict stays, counting begins anew. */
  HealthStatus redefined(HealthCheck check, Instant now) {
    HealthStatus next = new HealthStatus(index, check, state.restarted(), since, last, observedAt);
    return sinceComparedTo(this, next, now);
  }

  private static HealthStatus sinceComparedTo(
      HealthStatus before, HealthStatus after, Instant now) {
    if (before.isHealthy() == after.isHealthy()) {
      return after;
    }
    return new HealthStatus(
        after.index, after.check, after.state, now, after.last, after.observedAt);
  }
}
