package dev.meridian.probe;

/**
 * Remembers when the checker itself was not running: a pause of the process, of the machine, or too
 * much work. What seems to fail in such a time says nothing about the target.
 *
 * <p>Whoever owns the loop calls {@link #beat} every {@link #BEAT_NANOS}, or not at all for a
 * while, and {@link #begin} behind that. Not safe for several threads. All times are of one
 * monotonic clock.
 */
final class StallDetector {
  /** How often to call {@link #beat}. */
  static final long BEAT_NANOS = 250_000_000;

  /** How late the loop may be before results are no longer believed. */
  static final long LIMIT_NANOS = 1_000_000_000;

  private long lastBeatNanos;
  private long stalledUntilNanos;
  private boolean everStalled;

  StallDetector(long nowNanos) {
    this.lastBeatNanos = nowNanos;
  }

  /** Beats come again; until now none was due. */
  void begin(long nowNanos) {
    lastBeatNanos = nowNanos;
  }

  /** Says that the loop is alive. */
  void beat(long nowNanos) {
    if (isOverdue(nowNanos)) {
      everStalled = true;
      stalledUntilNanos = nowNanos;
    }
    lastBeatNanos = nowNanos;
  }

  /** Whether there was a stall between {@code startNanos} and now. */
  boolean stalledSince(long startNanos, long nowNanos) {
    return isOverdue(nowNanos) || (everStalled && stalledUntilNanos - startNanos >= 0);
  }

  private boolean isOverdue(long nowNanos) {
    return nowNanos - lastBeatNanos > BEAT_NANOS + LIMIT_NANOS;
  }
}
