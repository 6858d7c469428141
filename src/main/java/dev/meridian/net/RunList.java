package dev.meridian.net;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Runs of one family while they are being put together, from position zero upwards. Positions are
 * those of {@link Runs}.
 */
final class RunList {
  private long[] highs = new long[16];
  private long[] lows = new long[16];
  private int[] values = new int[16];
  private int count;

  /** The last position given to {@link #appendAfterLast}, whether it started a run or not. */
  private long lastHigh;

  private long lastLow;

  /** Refuses values that {@link PrefixPartition} cannot carry. */
  static int checked(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("value " + value + " is negative");
    }
    return value;
  }

  /**
   * Says that from a position on the value is this one. Positions must not fall; the last word on
   * one position counts.
   */
  void append(long high, long low, int value) {
    if (count > 0 && highs[count - 1] == high && lows[count - 1] == low) {
      count--;
    }
    if (count > 0 && values[count - 1] == value) {
      return;
    }
    if (count == values.length) {
      highs = Arrays.copyOf(highs, 2 * count);
      lows = Arrays.copyOf(lows, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    highs[count] = high;
    lows[count] = low;
    values[count] = value;
    count++;
  }

  /** {@link #append} for positions and values from outside, which may be wrong. */
  void appendAfterLast(long high, long low, int value) {
    if (isBefore(high, low, lastHigh, lastLow)) {
      throw new IllegalArgumentException("addresses are not in order");
    }
    append(high, low, checked(value));
    lastHigh = high;
    lastLow = low;
  }

  /** The runs with every value replaced. */
  static RunList map(Runs runs, IntUnaryOperator operator) {
    RunList result = new RunList();
    for (int run = 0; run < runs.count(); run++) {
      result.append(runs.high(run), runs.low(run), checked(operator.applyAsInt(runs.value(run))));
    }
    return result;
  }

  /** The runs of the common refinement, mapped and merged again. */
  static RunList combine(List<Runs> parts, TupleMemo f) {
    int width = parts.size();
    int[] next = new int[width];
    int[] tuple = new int[width];
    RunList result = new RunList();
    long high = 0;
    long low = 0;
    boolean more = true;
    while (more) {
      advance(parts, high, low, next, tuple);
      result.append(high, low, f.apply(tuple));
      more = false;
      long nextHigh = 0;
      long nextLow = 0;
      for (int i = 0; i < width; i++) {
        Runs part = parts.get(i);
        if (next[i] < part.count()) {
          long candidateHigh = part.high(next[i]);
          long candidateLow = part.low(next[i]);
          if (!more || isBefore(candidateHigh, candidateLow, nextHigh, nextLow)) {
            nextHigh = candidateHigh;
            nextLow = candidateLow;
            more = true;
          }
        }
      }
      high = nextHigh;
      low = nextLow;
    }
    return result;
  }

  /** Takes into the tuple the runs that start at a position, and steps over them. */
  private static void advance(List<Runs> parts, long high, long low, int[] next, int[] tuple) {
    for (int i = 0; i < next.length; i++) {
      Runs part = parts.get(i);
      if (next[i] < part.count() && part.high(next[i]) == high && part.low(next[i]) == low) {
        tuple[i] = part.value(next[i]++);
      }
    }
  }

  static boolean isBefore(long high1, long low1, long high2, long low2) {
    int order = Long.compareUnsigned(high1, high2);
    return order == 0 ? Long.compareUnsigned(low1, low2) < 0 : order < 0;
  }

  /** The upper half of the first position behind a prefix; both halves are 0 at the space's end. */
  static long endHigh(long high, long low, int length) {
    if (length == 0) {
      return 0;
    }
    if (length <= 64) {
      return high + (1L << (64 - length));
    }
    return endLow(low, length) == 0 ? high + 1 : high;
  }

  /** The lower half of the first position behind a prefix. */
  static long endLow(long low, int length) {
    return length <= 64 ? 0 : low + (1L << (128 - length));
  }

  int count() {
    return count;
  }

  long high(int run) {
    return highs[run];
  }

  long low(int run) {
    return lows[run];
  }

  /** The values, one for each run. */
  int[] values() {
    return Arrays.copyOf(values, count);
  }
}
