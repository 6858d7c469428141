package dev.meridian.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers equal int sequences alike, from 0. Owned by one thread. */
final class Interner {
  private record Key(List<Integer> values) {}

  private final Map<Key, Integer> numbers = new HashMap<>();
  private final List<int[]> sequences = new ArrayList<>();

  int number(int[] sequence) {
    Key key = new Key(Arrays.stream(sequence).boxed().toList());
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    int number = sequences.size();
    numbers.put(key, number);
    sequences.add(sequence.clone());
    return number;
  }

  int[] sequence(int number) {
    return sequences.get(number);
  }

  int[][] all() {
    return sequences.toArray(new int[0][]);
  }
}
