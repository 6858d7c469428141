package dev.meridian.net;

import java.util.Arrays;

/**
 * Remembers what a function made of each tuple of values, so that it is asked once for each: an
 * open-addressing table of ints, because partitions repeat a few tuples hundreds of thousands of
 * times. Owned by one thread.
 */
final class TupleMemo {
  private static final int FREE = -1;

  private final int width;
  private final PrefixPartition.TupleFunction function;

  /** Tuples one behind the other, {@link #width} ints each. */
  private int[] tuples;

  /** What the function gave for the tuple of the same slot; {@link #FREE} where there is none. */
  private int[] results;

  private int count;

  TupleMemo(int width, PrefixPartition.TupleFunction function) {
    this.width = width;
    this.function = function;
    this.tuples = new int[64 * width];
    this.results = free(64);
  }

  private static int[] free(int slots) {
    int[] results = new int[slots];
    Arrays.fill(results, FREE);
    return results;
  }

  /** The function's value for a tuple, which the caller may change afterwards. */
  int apply(int[] tuple) {
    int slot = slotOf(tuple, 0);
    if (results[slot] == FREE) {
      int result = RunList.checked(function.apply(tuple.clone()));
      if (2 * (count + 1) > results.length) {
        grow();
        slot = slotOf(tuple, 0);
      }
      put(slot, tuple, 0, result);
      count++;
    }
    return results[slot];
  }

  private int slotOf(int[] source, int from) {
    int hash = 0;
    for (int i = from; i < from + width; i++) {
      hash = (hash ^ source[i]) * 0x9E3779B1;
      hash ^= hash >>> 15;
    }
    int slot = hash & (results.length - 1);
    while (results[slot] != FREE && !holds(slot, source, from)) {
      slot = (slot + 1) & (results.length - 1);
    }
    return slot;
  }

  private boolean holds(int slot, int[] source, int from) {
    for (int i = 0; i < width; i++) {
      if (tuples[slot * width + i] != source[from + i]) {
        return false;
      }
    }
    return true;
  }

  private void put(int slot, int[] source, int from, int result) {
    System.arraycopy(source, from, tuples, slot * width, width);
    results[slot] = result;
  }

  private void grow() {
    int[] oldTuples = tuples;
    int[] oldResults = results;
    tuples = new int[2 * oldTuples.length];
    results = free(2 * oldResults.length);
    for (int old = 0; old < oldResults.length; old++) {
      if (oldResults[old] != FREE) {
        put(slotOf(oldTuples, old * width), oldTuples, old * width, oldResults[old]);
      }
    }
  }
}
