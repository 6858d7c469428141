package dev.meridian.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one check at one moment.
 *
 * @param index the check's number in the {@link HealthRegistry}
 * @param check its definition
 * @param state what the results so far say
 * @param agreed what all vantage points together say; alone, the same
 * @param damping how often it came back of late
 * @param standing what routing goes by
 * @param slowStart whether it still gets fewer clients than it would, because it came back
 * @param since when {@link Standing#word()} last changed, or when the check was defined; wall
 *     clock, for people only
 * @param last the most recent result; null before the first
 * @param observedAt when {@code last} came in; wall clock, for people only
 */
public record HealthStatus(
    int index,
    HealthCheck check,
    Hysteresis.State state,
    Quorum.Verdict agreed,
    Damping.State damping,
    Standing standing,
    SlowStart slowStart,
    Instant since,
    @Nullable Observation last,
    @Nullable Instant observedAt) {
  /** A check of which nothing is known; its standing is still to be judged. */
  static HealthStatus initial(int index, HealthCheck check, Instant now) {
    boolean healthy = !check.settings().inverted();
    Standing standing = new Standing(healthy, healthy, Standing.Cause.NO_DATA, "no result yet");
    return new HealthStatus(
        index,
        check,
        Hysteresis.State.INITIAL,
        Quorum.Verdict.alone(true),
        Damping.State.INITIAL,
        standing,
        SlowStart.NONE,
        now,
        null,
        null);
  }

  /** A check as it was when the process ended; under another definition, counting begins anew. */
  static HealthStatus recalled(
      int index, HealthCheck check, Remembered before, Instant now, long nowNanos) {
    boolean same = before.definition() == DefinitionHash.of(check);
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
        Quorum.Verdict.alone(before.agreed()),
        new Damping.State(before.penalty(), nowNanos, before.held()),
        standing,
        SlowStart.recalled(before.slowStart(), before.since(), now, nowNanos),
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

  /** Whether it fails and is taken for up all the same, as too much went down at once. */
  public boolean isHeld() {
    return isHealthy() && standing.cause() == Standing.Cause.GUARD;
  }

  /** This status after one more result, its standing unchanged. */
  HealthStatus observed(Observation observation, Instant now) {
    Hysteresis.State next = check.settings().hysteresis().next(state, observation.outcome());
    return new HealthStatus(
        index, check, next, agreed, damping, standing, slowStart, since, observation, now);
  }

  /** This status with what is agreed on now, after the time that has passed. */
  HealthStatus agreed(Quorum.Verdict verdict, Damping rule, long nowNanos) {
    boolean returned = !agreed.up() && verdict.up();
    Damping.State damped = returned ? rule.returned(damping, nowNanos) : rule.at(damping, nowNanos);
    return new HealthStatus(
        index, check, state, verdict, damped, standing, slowStart, since, last, observedAt);
  }

  /** What this vantage point says to others: nothing while its own results say nothing. */
  Observation.Outcome vote() {
    if (!check.isProbed() || last == null || last.outcome() == Observation.Outcome.UNKNOWN) {
      return Observation.Outcome.UNKNOWN;
    }
    return state.up() ? Observation.Outcome.PASS : Observation.Outcome.FAIL;
  }

  /** This status under another definition: the verdict stays, counting begins anew. */
  HealthStatus redefined(HealthCheck check) {
    return new HealthStatus(
        index,
        check,
        state.restarted(),
        agreed,
        damping,
        standing,
        slowStart,
        since,
        last,
        observedAt);
  }

  /** This status with another standing. */
  HealthStatus standing(Standing next, Instant now, long nowNanos) {
    Instant from = next.word().equals(standing.word()) ? since : now;
    SlowStart starting = slowStart.after(standing, next, check.settings().slowStart(), nowNanos);
    return new HealthStatus(
        index, check, state, agreed, damping, next, starting, from, last, observedAt);
  }

  /** What time alone makes of its weight; null: nothing. */
  @Nullable Weight weight(long nowNanos) {
    int percent = slowStart.percent(check.settings().slowStart(), nowNanos);
    return percent == Weight.FULL ? null : new Weight(Weight.Kind.SLOW_START, percent);
  }
}
