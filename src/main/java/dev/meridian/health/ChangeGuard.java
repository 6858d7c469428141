package dev.meridian.health;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Limits how many checks may take their targets out of the answers within a window of time: when
 * very much fails at once, the trouble is more often ours than theirs. What is refused is held, and
 * comes through as the window moves on. Coming back is never limited. A pure function.
 *
 * @param percent of all checks, 0-100; 100: no limit
 * @param atLeast so many are always let through, however few checks there are
 * @param window in which they are counted
 */
public record ChangeGuard(int percent, int atLeast, Duration window) {
  /** A fifth of the checks, or five if that is more, within a minute. */
  public static final ChangeGuard DEFAULT = new ChangeGuard(20, 5, Duration.ofMinutes(1));

  /** No limit. */
  public static final ChangeGuard OFF = new ChangeGuard(100, 0, Duration.ofMinutes(1));

  /** When checks went down of late, on the monotonic clock; oldest first. Immutable. */
  public static final class State {
    /** Nothing went down yet. */
    public static final State INITIAL = new State(new long[0]);

    private final long[] nanos;

    private State(long[] nanos) {
      this.nanos = nanos;
    }

    private State since(long fromNanos) {
      int first = 0;
      while (first < nanos.length && nanos[first] - fromNanos <= 0) {
        first++;
      }
      return first == 0 ? this : new State(Arrays.copyOfRange(nanos, first, nanos.length));
    }

    private State with(long atNanos) {
      long[] next = Arrays.copyOf(nanos, nanos.length + 1);
      next[nanos.length] = atNanos;
      return new State(next);
    }
  }

  /** The state of somebody who has seen other checks go down too, so long ago, in any order. */
  State recalled(State state, List<Duration> ages, long nowNanos) {
    LongStream others =
        ages.stream()
            .filter(age -> !age.isNegative() && age.compareTo(window) < 0)
            .mapToLong(age -> nowNanos - age.toNanos());
    return new State(LongStream.concat(Arrays.stream(state.nanos), others).sorted().toArray());
  }

  /**
   * The state after one more check has gone down; the given state itself if it must not.
   *
   * @param checks how many there are in all
   */
  public State admit(State state, int checks, long nowNanos) {
    if (percent == 100) {
      return new State(new long[] {nowNanos});
    }
    State recent = state.since(nowNanos - window.toNanos());
    long allowed = Math.max(atLeast, (long) checks * percent / 100);
    return recent.nanos.length < allowed ? recent.with(nowNanos) : state;
  }
}
