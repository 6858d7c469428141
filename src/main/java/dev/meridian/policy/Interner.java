package dev.meridian.policy;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers equal int sequences alike, from 0. Owned by one thread. */
final class Interner {
  /** Buffers because they compare by content and box nothing. */
  private final Map<IntBuffer, Integer> numbers = new HashMap<>();

  private final List<int[]> sequences = new ArrayList<>();

  int number(int[] sequence) {
    Integer known = numbers.get(IntBuffer.wrap(sequence));
    if (known != null) {
      return known;
    }
    int number = sequences.size();
    int[] kept = sequence.clone();
    numbers.put(IntBuffer.wrap(kept), number);
    sequences.add(kept);
    return number;
  }

  int[] sequence(int number) {
    return sequences.get(number);
  }

  int[][] all() {
    return sequences.toArray(new int[0][]);
  }
}
