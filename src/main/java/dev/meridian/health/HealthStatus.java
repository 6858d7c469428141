package dev.meridian.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one check at one moment.
 *
 * @param index the check's number in the {@link HealthRegistry}
 * @param check its definition
 * @param state what the results so far say
 * @param damping how often it came back of late
 * @param standing what routing goes by
 * @param since when {@link #isHealthy()} last changed, or when the check was defined; wall clock,
 *     for people only
 * @param last the most recent result; null before the first
 * @param observedAt when {@code last} came in; wall clock, for people only
 */
public record HealthStatus(
    int index,
    HealthCheck check,
    Hysteresis.State state,
    Damping.State damping,
    Standing standing,
    Instant since,
    @Nullable Observation last,
    @Nullable Instant observedAt) {
  /** A check of which nothing is known; its standing is still to be judged. */
  static HealthStatus initial(int index, HealthCheck check, Instant now) {
    boolean healthy = !check.settings().inverted();
    Standing standing = new Standing(healthy, healthy, Standing.Cause.NO_DATA, "no result yet");
    return new HealthStatus(
        index, check, Hysteresis.State.INITIAL, Damping.State.INITIAL, standing, now, null, null);
  }

  /** A check as it was when the process ended; under another definition, counting begins anew. */
  static HealthStatus recalled(
      int index, HealthCheck check, Remembered before, Instant now, long nowNanos) {
    boolean same = before.fingerprint() == Remembered.fingerprint(check);
    Standing standing =
        new Standing(
            before.healthy(),
            before.healthy(),
            Standing.Cause.VERDICT,
            "known from before the start");
    return new HealthStatus(
        index,
        check,
        same ? before.state() : before.state().restarted(),
        new Damping.State(before.penalty(), nowNanos, before.held()),
        standing,
        before.since().isAfter(now) ? now : before.since(),
        null,
        null);
  }

  /** See {@link HealthCheck#id()}. */
  public String id() {
    return check.id();
  }

  /** Whether it may be answered. */
  public boolean isHealthy() {
    return standing.healthy();
  }

  /** This status after one more result, its standing unchanged. */
  HealthStatus observed(Observation observation, Damping rule, Instant now, long nowNanos) {
    HealthCheck.Settings settings = check.settings();
    Hysteresis hysteresis =
        new Hysteresis(settings.failureThreshold(), settings.successThreshold());
    Hysteresis.State next = hysteresis.next(state, observation.outcome());
    boolean returned = !state.up() && next.up();
    Damping.State damped = returned ? rule.returned(damping, nowNanos) : rule.at(damping, nowNanos);
    return new HealthStatus(index, check, next, damped, standing, since, observation, now);
  }

  /** This status when nothing but time has passed. */
  HealthStatus at(Damping rule, long nowNanos) {
    return new HealthStatus(
        index, check, state, rule.at(damping, nowNanos), standing, since, last, observedAt);
  }

  /** This status under another definition: the verdict stays, counting begins anew. */
  HealthStatus redefined(HealthCheck check) {
    return new HealthStatus(
        index, check, state.restarted(), damping, standing, since, last, observedAt);
  }

  /** This status with another standing. */
  HealthStatus standing(Standing next, Instant now) {
    Instant from = next.healthy() == standing.healthy() ? since : now;
    return new HealthStatus(index, check, state, damping, next, from, last, observedAt);
  }
}
