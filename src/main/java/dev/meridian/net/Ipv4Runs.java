package dev.meridian.net;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** The IPv4 half of a partition: sorted first addresses below an index of their leading bits. */
final class Ipv4Runs extends Runs {
  private static final int MAX_INDEX_BITS = 16;

  /** First address and value of each run, side by side, so that a search finds both in one line. */
  private final long[] runs;

  /** For each value of the leading bits, the run that holds the first such address. */
  private final int[] index;

  private final int indexShift;

  Ipv4Runs(RunList list) {
    this(runs(list.count(), run -> (int) (list.high(run) >>> 32), list.values()));
  }

  private Ipv4Runs(long[] runs) {
    this.runs = runs;
    int bits = Math.clamp(31 - Integer.numberOfLeadingZeros(runs.length), 1, MAX_INDEX_BITS);
    indexShift = Integer.SIZE - bits;
    index = new int[(1 << bits) + 1];
    int run = 0;
    for (int cell = 0; cell < 1 << bits; cell++) {
      int first = cell << indexShift;
      while (run + 1 < runs.length && Integer.compareUnsigned(start(run + 1), first) <= 0) {
        run++;
      }
      index[cell] = run;
    }
    index[1 << bits] = runs.length - 1;
  }

  private static long[] runs(int count, IntUnaryOperator starts, int[] values) {
    long[] runs = new long[count];
    for (int run = 0; run < count; run++) {
      runs[run] = run(starts.applyAsInt(run), values[run]);
    }
    return runs;
  }

  private static long run(int start, int value) {
    return (long) start << Integer.SIZE | value;
  }

  /** See {@link PrefixPartition#ofRuns}. */
  static Ipv4Runs of(int[] starts, int[] values) {
    checkValues(starts.length, values);
    boolean inOrder = starts[0] == 0;
    for (int run = 1; run < starts.length; run++) {
      inOrder &= Integer.compareUnsigned(starts[run - 1], starts[run]) < 0;
    }
    checkOrder(inOrder);
    return new Ipv4Runs(runs(starts.length, run -> starts[run], values));
  }

  /** The runs with every value {@code v} replaced by {@code byValue[v]}, and merged again. */
  Ipv4Runs renumber(int[] byValue) {
    long[] renumbered = new long[runs.length];
    int at = 0;
    for (int run = 0; run < runs.length; run++) {
      int value = byValue[value(run)];
      if (at == 0 || value != (int) renumbered[at - 1]) {
        renumbered[at++] = run(start(run), value);
      }
    }
    return new Ipv4Runs(Arrays.copyOf(renumbered, at));
  }

  /** Adds the number of addresses with each value. */
  void addAmounts(double[] byValue) {
    long start = 0;
    for (int run = 0; run < runs.length; run++) {
      long end = end(run);
      byValue[value(run)] += end - start;
      start = end;
    }
  }

  /** See {@link PrefixPartition#forEachSpan}. */
  void forEachSpan(PrefixPartition.SpanVisitor visitor) {
    long start = 0;
    for (int run = 0; run < runs.length; run++) {
      long end = end(run);
      visitor.visit(true, start, 0, (double) (end - start), value(run));
      start = end;
    }
  }

  private int start(int run) {
    return (int) (runs[run] >>> 32);
  }

  private long end(int run) {
    return run + 1 == runs.length ? 1L << 32 : Integer.toUnsignedLong(start(run + 1));
  }

  /** The packed value and prefix length for an address in network order. */
  long find(int address) {
    int cell = address >>> indexShift;
    int run = index[cell];
    int candidates = index[cell + 1] - run + 1;
    while (candidates > 1) {
      int half = candidates >>> 1;
      if (Integer.compareUnsigned(start(run + half), address) <= 0) {
        run += half;
      }
      candidates -= half;
    }
    return PrefixPartition.hit(value(run), prefixLength(run, address));
  }

  /** {@link Runs#prefixLength(int, long, long)} for this family's short positions. */
  private int prefixLength(int run, int address) {
    int before = run == 0 ? 0 : Integer.numberOfLeadingZeros(address ^ (start(run) - 1)) + 1;
    int behind =
        run + 1 == runs.length ? 0 : Integer.numberOfLeadingZeros(address ^ start(run + 1)) + 1;
    return Math.max(before, behind);
  }

  @Override
  int count() {
    return runs.length;
  }

  @Override
  long high(int run) {
    return runs[run] & -1L << 32;
  }

  @Override
  long low(int run) {
    return 0;
  }

  @Override
  int value(int run) {
    return (int) runs[run];
  }

  @Override
  boolean hasLows() {
    return false;
  }

  @Override
  void copyTo(int run, int length, int index, long[] highs, long[] lows, int[] target) {
    for (int i = 0; i < length; i++) {
      highs[index + i] = high(run + i);
      target[index + i] = value(run + i);
    }
  }

  @Override
  long memoryBytes() {
    return 8L * runs.length + 4L * index.length;
  }
}
