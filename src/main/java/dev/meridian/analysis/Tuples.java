package dev.meridian.analysis;

import java.util.ArrayList;
import java.util.List;

/** Numbers the tuples of values that combined partitions have. Owned by one thread. */
final class Tuples {
  private final List<int[]> tuples = new ArrayList<>();

  /** A new number; {@code PrefixPartition.combine} asks once for each tuple. */
  int number(int[] tuple) {
    tuples.add(tuple);
    return tuples.size() - 1;
  }

  int[] tuple(int number) {
    return tuples.get(number);
  }

  int size() {
    return tuples.size();
  }
}
