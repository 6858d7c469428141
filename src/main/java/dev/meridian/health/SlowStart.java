package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;

/**
 * Gives a target that came back its clients little by little: in ten equal steps over the time that
 * its definition says, a tenth at once. A pure function of the time since.
 *
 * <pre>
 * turned healthy                            begins anew
 *   because a person said "up"              full at once: they know
 *   for the first time, or by definition    full at once: nothing came back
 * turned unhealthy                          ends
 * </pre>
 *
 * @param active whether it is going on
 * @param sinceNanos when it began, on the monotonic clock; valid while active
 */
record SlowStart(boolean active, long sinceNanos) {
  static final SlowStart NONE = new SlowStart(false, 0);

  private static final int STEPS = 10;

  /** After a change of what routing goes by. */
  SlowStart after(Standing before, Standing next, Duration span, long nowNanos) {
    if (!next.healthy() || span.isZero()) {
      return NONE;
    }
    if (before.healthy()) {
      return percent(span, nowNanos) < Weight.FULL ? this : NONE;
    }
    return next.cause() == Standing.Cause.OVERRIDE ? NONE : new SlowStart(true, nowNanos);
  }

  /** One that began at a time that only the wall clock of another process knew. */
  static SlowStart recalled(boolean active, Instant since, Instant now, long nowNanos) {
    Duration gone = Duration.between(since, now);
    return active
        ? new SlowStart(
            true, nowNanos - Math.max(0, Math.min(gone.toSeconds(), 3600)) * 1_000_000_000)
        : NONE;
  }

  /** 10 to 90 while it is going on, else 100. */
  int percent(Duration span, long nowNanos) {
    long gone = nowNanos - sinceNanos;
    if (!active || gone >= span.toNanos()) {
      return Weight.FULL;
    }
    return Weight.FULL / STEPS * (1 + (int) (Math.max(0, gone) * STEPS / span.toNanos()));
  }
}
