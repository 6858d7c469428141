package dev.meridian.net;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Prefixes of one family with their values, in the order given, as positions of {@link Runs}. */
final class PrefixList {
  private long[] highs = new long[16];
  private long[] lows = new long[16];
  private byte[] lengths = new byte[16];
  private int[] values = new int[16];
  private int count;
  private boolean sorted = true;

  void add(long high, long low, int length, int value) {
    if (count == values.length) {
      highs = Arrays.copyOf(highs, 2 * count);
      lows = Arrays.copyOf(lows, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    highs[count] = high;
    lows[count] = low;
    lengths[count] = (byte) length;
    values[count] = value;
    sorted = sorted && (count == 0 || compare(count - 1, count) <= 0);
    count++;
  }

  private int length(int index) {
    return lengths[index] & 0xFF;
  }

  /** By first address, the outer prefix before the ones inside of it. */
  private int compare(int a, int b) {
    int order = Long.compareUnsigned(highs[a], highs[b]);
    if (order == 0) {
      order = Long.compareUnsigned(lows[a], lows[b]);
    }
    return order == 0 ? Integer.compare(length(a), length(b)) : order;
  }

  /** Indexes in the order of {@link #compare}; equal prefixes stay in the order given. */
  private int[] order() {
    IntStream indexes = IntStream.range(0, count);
    return sorted
        ? indexes.toArray()
        : indexes.boxed().sorted(this::compare).mapToInt(Integer::intValue).toArray();
  }

  /** Sweeps over the space and keeps, on a stack, the prefixes around the position reached. */
  RunList toRuns(int defaultValue) {
    RunList runs = new RunList();
    runs.append(0, 0, defaultValue);
    int[] open = new int[129];
    int depth = 0;
    for (int index : order()) {
      while (depth > 0 && !contains(open[depth - 1], index)) {
        depth--;
        close(runs, open[depth], depth == 0 ? defaultValue : values[open[depth - 1]]);
      }
      if (depth > 0 && length(open[depth - 1]) == length(index)) {
        depth--; // the same prefix again
      }
      runs.append(highs[index], lows[index], values[index]);
      open[depth++] = index;
    }
    while (depth > 0) {
      depth--;
      close(runs, open[depth], depth == 0 ? defaultValue : values[open[depth - 1]]);
    }
    return runs;
  }

  private boolean contains(int outer, int inner) {
    int length = length(outer);
    if (length <= 64) {
      return length == 0 || (highs[outer] ^ highs[inner]) >>> (64 - length) == 0;
    }
    return highs[outer] == highs[inner] && (lows[outer] ^ lows[inner]) >>> (128 - length) == 0;
  }

  private void close(RunList runs, int index, int valueBehind) {
    long high = RunList.endHigh(highs[index], lows[index], length(index));
    long low = RunList.endLow(lows[index], length(index));
    if (high != 0 || low != 0) {
      runs.append(high, low, valueBehind);
    }
  }
}
