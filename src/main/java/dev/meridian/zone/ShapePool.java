package dev.meridian.zone;

import java.util.Arrays;
import java.util.Objects;

/**
 * One array in place of many that say the same. What a zone is shaped like, how many names it has,
 * with records of which types, where the pointers of its templates are, is the same for many small
 * zones of one operator, so they share it. What is given to a pool, or comes from it, is never
 * written to again. Owned by one thread.
 */
final class ShapePool {
  /** Longer arrays are rarely the same. */
  private static final int LONGEST = 64;

  /** So many are kept; what comes later is compared with these and no more. */
  private static final int MOST = 1 << 14;

  /** Arrays by their hash, with linear probing; at most half full. */
  private Object[] slots = new Object[1 << 6];

  private int size;

  int[] shared(int[] array) {
    return array.length > LONGEST ? array : (int[]) shared(array, Arrays.hashCode(array));
  }

  char[] shared(char[] array) {
    return array.length > LONGEST ? array : (char[]) shared(array, Arrays.hashCode(array));
  }

  byte[] shared(byte[] array) {
    return array.length > LONGEST ? array : (byte[]) shared(array, Arrays.hashCode(array));
  }

  private Object shared(Object array, int hash) {
    int at = spread(hash);
    while (slots[at] != null) {
      if (Objects.deepEquals(slots[at], array)) {
        return slots[at];
      }
      at = at + 1 & slots.length - 1;
    }
    if (size < MOST) {
      keep(at, array);
    }
    return array;
  }

  private int spread(int hash) {
    return (hash ^ hash >>> 16) & slots.length - 1;
  }

  private void keep(int at, Object array) {
    slots[at] = array;
    if (++size * 2 > slots.length) {
      Object[] old = slots;
      slots = new Object[old.length * 2];
      size = 0;
      for (Object each : old) {
        keepAgain(each);
      }
    }
  }

  private void keepAgain(Object array) {
    switch (array) {
      case int[] numbers -> shared(numbers);
      case char[] numbers -> shared(numbers);
      case byte[] numbers -> shared(numbers);
      case null, default -> {}
    }
  }
}
