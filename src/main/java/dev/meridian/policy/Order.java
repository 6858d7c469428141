package dev.meridian.policy;

import java.util.Arrays;

/** Candidates of one policy for some clients, the preferred first. Immutable. */
final class Order {
  /** Positions of candidates as written. */
  final int[] positions;

  /**
   * With a band, for each of {@link #positions}: the index behind the last candidate that is still
   * answered while this one is healthy. Empty without a band.
   */
  private final int[] reach;

  Order(int[] positions, int[] reach) {
    this.positions = positions;
    this.reach = reach;
  }

  /** The index behind those that share clients with the candidate, which is in the order. */
  int reachOf(int position) {
    return reach.length == 0 ? indexOf(position) + 1 : reach[indexOf(position)];
  }

  /** The same for the candidate at an index. */
  int reachAt(int index) {
    return reach.length == 0 ? index + 1 : reach[index];
  }

  /** Where a candidate stands; behind all if it is not in the order. */
  int indexOf(int position) {
    int index = 0;
    while (index < positions.length && positions[index] != position) {
      index++;
    }
    return index;
  }

  /** Equal sequences stand for equal orders. */
  int[] toSequence() {
    int[] sequence = Arrays.copyOf(positions, positions.length + reach.length);
    System.arraycopy(reach, 0, sequence, positions.length, reach.length);
    return sequence;
  }
}
