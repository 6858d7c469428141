package dev.meridian.net;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Runs of one family while they are being put together, from position zero upwards. Positions are
 * those of {@link Runs}.
 */
final class RunList {
  private static final long[] ALL_ZERO = {};

  private long[] highs;

  /** One for each run, or empty as long as all are zero, as they are for IPv4 and mostly IPv6. */
  private long[] lows = ALL_ZERO;

  private int[] values;
  private int count;

  /** The last position given to {@link #appendAfterLast}, whether it started a run or not. */
  private long lastHigh;

  private long lastLow;

  RunList() {
    this(16);
  }

  /** With room for so many runs before anything has to be copied; at least one. */
  RunList(int capacity) {
    highs = new long[capacity];
    values = new int[capacity];
  }

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
    if (count > 0 && highs[count - 1] == high && low(count - 1) == low) {
      count--;
    }
    if (count > 0 && values[count - 1] == value) {
      return;
    }
    grow(count + 1);
    if (lows.length == 0 && low != 0) {
      lows = new long[values.length];
    }
    highs[count] = high;
    if (lows.length > 0) {
      lows[count] = low;
    }
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
    RunList result = new RunList(runs.count());
    for (int run = 0; run < runs.count(); run++) {
      result.append(runs.high(run), runs.low(run), checked(operator.applyAsInt(runs.value(run))));
    }
    return result;
  }

  /** See {@link PrefixPartition#replaced}. */
  static RunList replaced(Runs runs, Runs mask, Runs other) {
    RunList result = new RunList(runs.count() + 2 * mask.count());
    for (int at = 0; at < mask.count(); at++) {
      Runs from = mask.value(at) == 0 ? runs : other;
      int run = from.runAt(mask.high(at), mask.low(at));
      result.append(mask.high(at), mask.low(at), from.value(run));
      int behind =
          at + 1 == mask.count()
              ? from.count()
              : from.firstFrom(mask.high(at + 1), mask.low(at + 1));
      result.appendRest(from, run + 1, behind);
    }
    return result;
  }

  /** The runs of others that follow the one that was the last to be appended. */
  private void appendRest(Runs from, int run, int behind) {
    int more = behind - run;
    if (more <= 0) {
      return;
    }
    grow(count + more);
    if (lows.length == 0 && from.hasLows()) {
      lows = new long[values.length];
    }
    from.copyTo(run, more, count, highs, lows, values);
    count += more;
  }

  private void grow(int room) {
    if (room > values.length) {
      int capacity = Math.max(room, 2 * values.length);
      highs = Arrays.copyOf(highs, capacity);
      lows = lows.length == 0 ? ALL_ZERO : Arrays.copyOf(lows, capacity);
      values = Arrays.copyOf(values, capacity);
    }
  }

  /** The runs of the common refinement, mapped and merged again. */
  static RunList combine(List<Runs> parts, TupleMemo f) {
    int[] tuple = new int[parts.size()];
    int[] slot = new int[tuple.length];
    Runs[] moving = new Runs[tuple.length];
    int width = 0;
    int room = 1;
    for (int i = 0; i < tuple.length; i++) {
      Runs part = parts.get(i);
      tuple[i] = part.value(0);
      room = Math.max(room, part.count());
      if (part.count() > 1) { // what is the same everywhere needs no second look
        slot[width] = i;
        moving[width++] = part;
      }
    }
    RunList result = new RunList(room);
    result.append(0, 0, f.apply(tuple));
    combine(Arrays.copyOf(moving, width), slot, tuple, f, result);
    return result;
  }

  private static void combine(Runs[] parts, int[] slot, int[] tuple, TupleMemo f, RunList result) {
    int[] next = new int[parts.length];
    Arrays.fill(next, 1);
    int first = firstToChange(parts, next);
    while (first >= 0) {
      long high = parts[first].high(next[first]);
      long low = parts[first].low(next[first]);
      for (int i = first; i < parts.length; i++) {
        Runs part = parts[i];
        if (next[i] < part.count() && part.high(next[i]) == high && part.low(next[i]) == low) {
          tuple[slot[i]] = part.value(next[i]++);
        }
      }
      result.append(high, low, f.apply(tuple));
      first = firstToChange(parts, next);
    }
  }

  /** The part whose next run starts before those of all others, the first of equals; -1: none. */
  private static int firstToChange(Runs[] parts, int[] next) {
    int first = -1;
    long firstHigh = 0;
    long firstLow = 0;
    for (int i = 0; i < parts.length; i++) {
      if (next[i] < parts[i].count()) {
        long high = parts[i].high(next[i]);
        long low = parts[i].low(next[i]);
        if (first < 0 || isBefore(high, low, firstHigh, firstLow)) {
          first = i;
          firstHigh = high;
          firstLow = low;
        }
      }
    }
    return first;
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
    return lows.length == 0 ? 0 : lows[run];
  }

  long[] highs() {
    return Arrays.copyOf(highs, count);
  }

  /** One for each run, or empty if all are zero. */
  long[] lows() {
    for (int run = 0; run < Math.min(count, lows.length); run++) {
      if (lows[run] != 0) {
        return Arrays.copyOf(lows, count);
      }
    }
    return ALL_ZERO;
  }

  /** The values, one for each run. */
  int[] values() {
    return Arrays.copyOf(values, count);
  }
}
