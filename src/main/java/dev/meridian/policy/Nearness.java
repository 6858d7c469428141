package dev.meridian.policy;

import java.util.Arrays;
import java.util.Comparator;

/** How near a policy's candidates are to one client, by position. */
final class Nearness {
  /** More than any kilometres or milliseconds. */
  private static final double TIER = 1e7;

  /** So few positions that comparing each with each is quickest. */
  private static final int FEW = 64;

  private final int[] tiers;
  private final double[] costs;
  private final double within;

  /**
   * Keeps what it is given.
   *
   * @param tiers candidates of a lower tier exclude all of a higher one, however near these are
   * @param costs what is compared within a tier: kilometres, milliseconds, or a factor
   * @param within how much more than the least cost still shares
   */
  Nearness(int[] tiers, double[] costs, double within) {
    this.tiers = tiers;
    this.costs = costs;
    this.within = within;
  }

  /** What a candidate costs the client, 0 or more; any of a lower tier costs less. */
  double cost(int position) {
    return tiers[position] * TIER + costs[position];
  }

  /**
   * All positions: by tier, then by cost, then as they stand in {@code byId}, which is not changed.
   */
  int[] order(int[] byId) {
    return byId.length <= FEW ? insertionSorted(byId) : sorted(byId);
  }

  /** Without objects: there are as many orders as places in the world. */
  private int[] insertionSorted(int[] byId) {
    int[] order = byId.clone();
    for (int i = 1; i < order.length; i++) {
      int position = order[i];
      int at = i;
      while (at > 0 && isBefore(position, order[at - 1])) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = position;
    }
    return order;
  }

  private boolean isBefore(int one, int other) {
    return tiers[one] == tiers[other] ? costs[one] < costs[other] : tiers[one] < tiers[other];
  }

  private int[] sorted(int[] byId) {
    return Arrays.stream(byId)
        .boxed()
        .sorted(Comparator.comparingInt((Integer i) -> tiers[i]).thenComparingDouble(i -> costs[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Whether {@code other} is not answered while {@code one} is healthy. */
  boolean excludes(int one, int other) {
    return tiers[one] == tiers[other]
        ? costs[other] > costs[one] + within
        : tiers[one] < tiers[other];
  }
}
