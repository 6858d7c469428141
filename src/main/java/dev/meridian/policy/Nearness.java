package dev.meridian.policy;

import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** How near a policy's candidates are to one client, by position. */
final class Nearness {
  /** More than any kilometres or milliseconds. */
  private static final double TIER = 1e7;

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

  /** All positions: by tier, then by cost, then by id. */
  int[] order(IntFunction<String> ids) {
    return IntStream.range(0, costs.length)
        .boxed()
        .sorted(
            Comparator.comparingInt((Integer i) -> tiers[i])
                .thenComparingDouble(i -> costs[i])
                .thenComparing(ids::apply))
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
