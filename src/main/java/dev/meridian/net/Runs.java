package dev.meridian.net;

/**
 * One address family of a {@link PrefixPartition}: runs of addresses with equal values, sorted by
 * their first address. The first run starts at address zero, each ends where the next starts, and
 * neighbours differ in value.
 *
 * <p>Everything but the look-up works on 128-bit positions given as two longs. An IPv4 address
 * takes the uppermost 32 bits of its position, so that a prefix length means the same number of
 * leading bits in both families.
 */
abstract class Runs {
  /** How many runs there are; at least one. */
  abstract int count();

  /** The upper 64 bits of the position at which a run starts. */
  abstract long high(int run);

  /** The lower 64 bits of the position at which a run starts. */
  abstract long low(int run);

  /** The value of a run. */
  abstract int value(int run);

  /** Whether {@link #low} is not 0 for all runs. */
  abstract boolean hasLows();

  /**
   * Copies runs to arrays at an index.
   *
   * @param lows may be empty if {@link #hasLows} is false
   */
  abstract void copyTo(int run, int length, int index, long[] highs, long[] lows, int[] values);

  /** Octets held in arrays. */
  abstract long memoryBytes();

  /**
   * The length of the largest prefix that lies in a run and contains one of its positions. It has
   * to part the position from the last one before the run and from the first one behind it, so it
   * is one bit longer than what the position shares with the nearer of the two.
   */
  final int prefixLength(int run, long high, long low) {
    int before = 0;
    if (run > 0) {
      long startLow = low(run);
      long startHigh = high(run);
      before = commonBits(high, low, startLow == 0 ? startHigh - 1 : startHigh, startLow - 1) + 1;
    }
    int behind = run + 1 == count() ? 0 : commonBits(high, low, high(run + 1), low(run + 1)) + 1;
    return Math.max(before, behind);
  }

  static void checkOrder(boolean inOrder) {
    if (!inOrder) {
      throw new IllegalArgumentException("addresses are not in order from zero on");
    }
  }

  static void checkValues(int runs, int[] values) {
    if (runs == 0 || runs != values.length) {
      throw new IllegalArgumentException(runs + " runs, " + values.length + " values");
    }
    int last = -1;
    for (int value : values) {
      if (value < 0 || value == last) {
        throw new IllegalArgumentException("value " + value + " is negative, or that before it");
      }
      last = value;
    }
  }

  private static int commonBits(long high1, long low1, long high2, long low2) {
    return high1 == high2
        ? 64 + Long.numberOfLeadingZeros(low1 ^ low2)
        : Long.numberOfLeadingZeros(high1 ^ high2);
  }

  /** The run that a position lies in. */
  final int runAt(long high, long low) {
    int run = 0;
    int behind = count();
    while (behind - run > 1) {
      int middle = (run + behind) >>> 1;
      if (RunList.isBefore(high, low, high(middle), low(middle))) {
        behind = middle;
      } else {
        run = middle;
      }
    }
    return run;
  }

  /** The first run that starts at a position or behind it; {@link #count} if there is none. */
  final int firstFrom(long high, long low) {
    int run = runAt(high, low);
    return high(run) == high && low(run) == low ? run : run + 1;
  }

  /** Shows the fewest prefixes that make up each run, in order. */
  final void forEachPrefix(PrefixVisitor visitor) {
    for (int run = 0; run < count(); run++) {
      long high = high(run);
      long low = low(run);
      do {
        int length = prefixLength(run, high, low);
        visitor.visit(high, low, length, value(run));
        high = RunList.endHigh(high, low, length);
        low = RunList.endLow(low, length);
      } while (!startsNext(run, high, low));
    }
  }

  /** Whether a position is the first one behind a run; behind the last one the space wraps. */
  private boolean startsNext(int run, long high, long low) {
    return run + 1 == count()
        ? high == 0 && low == 0
        : high == high(run + 1) && low == low(run + 1);
  }

  final boolean sameAs(Runs other) {
    if (count() != other.count()) {
      return false;
    }
    for (int run = 0; run < count(); run++) {
      if (value(run) != other.value(run)
          || high(run) != other.high(run)
          || low(run) != other.low(run)) {
        return false;
      }
    }
    return true;
  }

  final int hash() {
    int hash = count();
    for (int run = 0; run < count(); run++) {
      hash = 31 * (31 * hash + Long.hashCode(high(run) + 31 * low(run))) + value(run);
    }
    return hash;
  }

  /** Sees prefixes as positions. */
  @FunctionalInterface
  interface PrefixVisitor {
    void visit(long high, long low, int length, int value);
  }
}
