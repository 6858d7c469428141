package dev.meridian.health;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The checks that are watched, by their numbers, and beside them their statuses in a row: a change
 * among thousands of checks is told as one copy of that row. Mutable; for one thread.
 */
final class WatchedChecks {
  private static final int NONE = -1;

  private final int[] indices;
  private final int[] positions;
  private final Watched[] watched;
  private final HealthStatus[] statuses;

  /** Nothing. */
  WatchedChecks() {
    this(Collections.emptySortedMap());
  }

  /** These, by their numbers, and no others from then on. */
  WatchedChecks(SortedMap<Integer, Watched> byIndex) {
    indices = byIndex.keySet().stream().mapToInt(Integer::intValue).toArray();
    watched = byIndex.values().toArray(Watched[]::new);
    statuses = byIndex.values().stream().map(Watched::status).toArray(HealthStatus[]::new);
    positions = new int[indices.length == 0 ? 0 : indices[indices.length - 1] + 1];
    Arrays.fill(positions, NONE);
    for (int position = 0; position < indices.length; position++) {
      positions[indices[position]] = position;
    }
  }

  private int position(int index) {
    return index >= 0 && index < positions.length ? positions[index] : NONE;
  }

  /** The check of a number; null if it is not watched. */
  @Nullable Watched get(int index) {
    int position = position(index);
    return position == NONE ? null : watched[position];
  }

  /** Puts a check's next state in place of the last; one that is not watched is an error. */
  void put(int index, Watched next) {
    int position = position(index);
    watched[position] = next;
    statuses[position] = next.status();
  }

  int size() {
    return indices.length;
  }

  /** The numbers, ascending; not to be changed. */
  int[] indices() {
    return indices;
  }

  /** The checks in the order of their numbers, as they are at any time. */
  List<Watched> values() {
    return Arrays.asList(watched);
  }

  /** The statuses in the order of their numbers, as they are now. */
  List<HealthStatus> statuses() {
    return List.of(statuses);
  }
}
