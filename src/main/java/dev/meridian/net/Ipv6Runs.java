package dev.meridian.net;

import java.util.Arrays;

/**
 * The IPv6 half of a partition: sorted first addresses, of which the lower 64 bits are kept only if
 * some run starts inside a /64.
 *
 * <p>Prefixes in use lie close together in 2000::/3, so the index spreads its cells evenly between
 * the first and the last boundary rather than over the whole space.
 */
final class Ipv6Runs extends Runs {
  private static final int MAX_CELLS = 1 << 17;
  private static final long[] ALL_ZERO = {};

  private final long[] highs;

  /** One for each run, or empty if all are zero. */
  private final long[] lows;

  private final int[] values;

  /** The first and last start behind address zero, between which the index has its cells. */
  private final long indexFrom;

  private final long indexTo;
  private final int indexShift;

  /** For each cell, the last run that starts at or before the cell's first address. */
  private final int[] index;

  Ipv6Runs(RunList runs) {
    this(runs.highs(), runs.lows(), runs.values());
  }

  private Ipv6Runs(long[] highs, long[] lows, int[] values) {
    this.highs = highs;
    this.lows = lows;
    this.values = values;
    int count = highs.length;
    indexFrom = count == 1 ? 0 : highs[1];
    indexTo = highs[count - 1];
    indexShift = shiftFor(indexTo - indexFrom, Math.min(MAX_CELLS, 2 * count));
    index = fillIndex();
  }

  /** The least shift that leaves fewer than {@code cells} values of a span. */
  private static int shiftFor(long span, int cells) {
    int shift = 0;
    while (shift < 63 && Long.compareUnsigned(span >>> shift, cells) >= 0) {
      shift++;
    }
    return shift;
  }

  private int[] fillIndex() {
    int cells = (int) ((indexTo - indexFrom) >>> indexShift) + 1;
    int[] filled = new int[cells + 1];
    int run = 0;
    for (int cell = 0; cell < cells; cell++) {
      long first = indexFrom + ((long) cell << indexShift);
      while (run + 1 < highs.length && startsAtOrBefore(run + 1, first, 0)) {
        run++;
      }
      filled[cell] = run;
    }
    filled[cells] = highs.length - 1;
    return filled;
  }

  private boolean startsAtOrBefore(int run, long high, long low) {
    int order = Long.compareUnsigned(highs[run], high);
    return order == 0 ? Long.compareUnsigned(low(run), low) <= 0 : order < 0;
  }

  /** See {@link PrefixPartition#ofRuns}. */
  static Ipv6Runs of(long[] starts, int[] values) {
    checkValues(starts.length, values);
    boolean inOrder = starts[0] == 0;
    for (int run = 1; run < starts.length; run++) {
      inOrder &= Long.compareUnsigned(starts[run - 1], starts[run]) < 0;
    }
    checkOrder(inOrder);
    return new Ipv6Runs(starts, ALL_ZERO, values);
  }

  /** The runs with every value {@code v} replaced by {@code byValue[v]}, and merged again. */
  Ipv6Runs renumber(int[] byValue) {
    long[] newHighs = new long[highs.length];
    long[] newLows = new long[lows.length];
    int[] newValues = new int[highs.length];
    int at = 0;
    for (int run = 0; run < highs.length; run++) {
      int value = byValue[values[run]];
      if (at > 0 && value == newValues[at - 1]) {
        continue;
      }
      newHighs[at] = highs[run];
      if (lows.length > 0) {
        newLows[at] = lows[run];
      }
      newValues[at++] = value;
    }
    return new Ipv6Runs(
        Arrays.copyOf(newHighs, at),
        lows.length == 0 ? ALL_ZERO : Arrays.copyOf(newLows, at),
        Arrays.copyOf(newValues, at));
  }

  /** Adds the number of /64s with each value. */
  void addAmounts(double[] byValue) {
    for (int run = 0; run < highs.length; run++) {
      byValue[values[run]] += length(run);
    }
  }

  /** See {@link PrefixPartition#forEachSpan}. */
  void forEachSpan(PrefixPartition.SpanVisitor visitor) {
    for (int run = 0; run < highs.length; run++) {
      visitor.visit(false, highs[run], low(run), length(run), values[run]);
    }
  }

  /** How many /64s start in a run, and the one that it starts in: 0 if that is where it ends. */
  private double length(int run) {
    long start = highs[run];
    long end = run + 1 == highs.length ? 0 : highs[run + 1];
    long span = end - start;
    return span >= 0 && (end != 0 || start == 0) ? span : (span >>> 1) * 2.0;
  }

  /** The packed value and prefix length for an address. */
  long find(long high, long low) {
    int run;
    int candidates;
    if (Long.compareUnsigned(high, indexFrom) < 0) {
      run = 0;
      candidates = 1;
    } else {
      long offset = Long.compareUnsigned(high, indexTo) < 0 ? high : indexTo;
      int cell = (int) ((offset - indexFrom) >>> indexShift);
      run = index[cell];
      candidates = index[cell + 1] - run + 1;
    }
    return lows.length == 0
        ? findCoarse(run, candidates, high)
        : findFine(run, candidates, high, low);
  }

  /** Searches when no run starts inside a /64: the lower half of the address decides nothing. */
  private long findCoarse(int from, int count, long high) {
    int run = from;
    int candidates = count;
    while (candidates > 1) {
      int half = candidates >>> 1;
      if (Long.compareUnsigned(highs[run + half], high) <= 0) {
        run += half;
      }
      candidates -= half;
    }
    int before = run == 0 ? 0 : Long.numberOfLeadingZeros(high ^ (highs[run] - 1)) + 1;
    int behind = run + 1 == highs.length ? 0 : Long.numberOfLeadingZeros(high ^ highs[run + 1]) + 1;
    return PrefixPartition.hit(values[run], Math.max(before, behind));
  }

  private long findFine(int from, int count, long high, long low) {
    int run = from;
    int candidates = count;
    while (candidates > 1) {
      int half = candidates >>> 1;
      if (startsAtOrBefore(run + half, high, low)) {
        run += half;
      }
      candidates -= half;
    }
    return PrefixPartition.hit(values[run], prefixLength(run, high, low));
  }

  @Override
  int count() {
    return highs.length;
  }

  @Override
  long high(int run) {
    return highs[run];
  }

  @Override
  long low(int run) {
    return lows.length == 0 ? 0 : lows[run];
  }

  @Override
  int value(int run) {
    return values[run];
  }

  @Override
  boolean hasLows() {
    return lows.length > 0;
  }

  @Override
  void copyTo(int run, int length, int index, long[] toHighs, long[] toLows, int[] toValues) {
    System.arraycopy(highs, run, toHighs, index, length);
    if (lows.length > 0) {
      System.arraycopy(lows, run, toLows, index, length);
    } else if (toLows.length > 0) {
      Arrays.fill(toLows, index, index + length, 0);
    }
    System.arraycopy(values, run, toValues, index, length);
  }

  @Override
  long memoryBytes() {
    return 8L * (highs.length + lows.length) + 4L * (values.length + index.length);
  }
}
