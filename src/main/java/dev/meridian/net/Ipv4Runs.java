package dev.meridian.net;

/** The IPv4 half of a partition: sorted first addresses below an index of their leading bits. */
final class Ipv4Runs extends Runs {
  private static final int MAX_INDEX_BITS = 16;

  private final int[] starts;
  private final int[] values;

  /** For each value of the leading bits, the run that holds the first such address. */
  private final int[] index;

  private final int indexShift;

  Ipv4Runs(RunList runs) {
    this(starts(runs), runs.values());
  }

  private static int[] starts(RunList runs) {
    int[] starts = new int[runs.count()];
    for (int run = 0; run < starts.length; run++) {
      starts[run] = (int) (runs.high(run) >>> 32);
    }
    return starts;
  }

  private Ipv4Runs(int[] starts, int[] values) {
    this.starts = starts;
    this.values = values;
    int bits = Math.min(MAX_INDEX_BITS, 33 - Integer.numberOfLeadingZeros(starts.length));
    indexShift = 32 - bits;
    index = new int[(1 << bits) + 1];
    int run = 0;
    for (int cell = 0; cell < 1 << bits; cell++) {
      int first = cell << indexShift;
      while (run + 1 < starts.length && Integer.compareUnsigned(starts[run + 1], first) <= 0) {
        run++;
      }
      index[cell] = run;
    }
    index[1 << bits] = starts.length - 1;
  }

  /** See {@link PrefixPartition#ofRuns}. */
  static Ipv4Runs of(int[] starts, int[] values) {
    checkValues(starts.length, values);
    boolean inOrder = starts[0] == 0;
    for (int run = 1; run < starts.length; run++) {
      inOrder &= Integer.compareUnsigned(starts[run - 1], starts[run]) < 0;
    }
    checkOrder(inOrder);
    return new Ipv4Runs(starts, values);
  }

  /** The runs with every value {@code v} replaced by {@code byValue[v]}, and merged again. */
  Ipv4Runs renumber(int[] byValue) {
    int count = countRenumbered(values, byValue);
    int[] newStarts = new int[count];
    int[] newValues = new int[count];
    int at = 0;
    int last = -1;
    for (int run = 0; run < starts.length; run++) {
      int value = byValue[values[run]];
      if (value != last) {
        newStarts[at] = starts[run];
        newValues[at++] = value;
        last = value;
      }
    }
    return new Ipv4Runs(newStarts, newValues);
  }

  /** Adds the number of addresses with each value. */
  void addAmounts(double[] byValue) {
    long start = 0;
    for (int run = 0; run < starts.length; run++) {
      long end = end(run);
      byValue[values[run]] += end - start;
      start = end;
    }
  }

  /** See {@link PrefixPartition#forEachSpan}. */
  void forEachSpan(PrefixPartition.SpanVisitor visitor) {
    long start = 0;
    for (int run = 0; run < starts.length; run++) {
      long end = end(run);
      visitor.visit(true, start, 0, (double) (end - start), values[run]);
      start = end;
    }
  }

  private long end(int run) {
    return run + 1 == starts.length ? 1L << 32 : Integer.toUnsignedLong(starts[run + 1]);
  }

  /** The packed value and prefix length for an address in network order. */
  long find(int address) {
    int cell = address >>> indexShift;
    int run = index[cell];
    int candidates = index[cell + 1] - run + 1;
    while (candidates > 1) {
      int half = candidates >>> 1;
      if (Integer.compareUnsigned(starts[run + half], address) <= 0) {
        run += half;
      }
      candidates -= half;
    }
    return PrefixPartition.hit(values[run], prefixLength(run, address));
  }

  /** {@link Runs#prefixLength(int, long, long)} for this family's short positions. */
  private int prefixLength(int run, int address) {
    int before = run == 0 ? 0 : Integer.numberOfLeadingZeros(address ^ (starts[run] - 1)) + 1;
    int behind =
        run + 1 == starts.length ? 0 : Integer.numberOfLeadingZeros(address ^ starts[run + 1]) + 1;
    return Math.max(before, behind);
  }

  @Override
  int count() {
    return starts.length;
  }

  @Override
  long high(int run) {
    return (long) starts[run] << 32;
  }

  @Override
  long low(int run) {
    return 0;
  }

  @Override
  int value(int run) {
    return values[run];
  }

  @Override
  boolean hasLows() {
    return false;
  }

  @Override
  void copyTo(int run, int length, int index, long[] highs, long[] lows, int[] target) {
    for (int i = 0; i < length; i++) {
      highs[index + i] = (long) starts[run + i] << 32;
    }
    System.arraycopy(values, run, target, index, length);
  }

  @Override
  long memoryBytes() {
    return 4L * (starts.length + values.length + index.length);
  }
}
