package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The TTLs of one routed RRset's leaves while health stays as it is.
 *
 * <pre>
 * the TTL follows health   checks on the way to the leaf   TTL
 * no                       any                             the record's
 * yes                      all healthy                     the record's, but no more seconds than
 *                                                          each of them stays healthy for certain
 * yes                      some unhealthy                  the floor: what comes back may be better
 * </pre>
 *
 * No TTL that follows health is below its floor. Immutable.
 */
final class LeafTtls {
  private final Leaves leaves;

  /** By leaf: its own check, and those of branches that lead there; empty if none matters. */
  private final int[][] checks;

  private final int[] ttls;
  private final boolean followsHealth;

  LeafTtls(PlanNode root, Leaves leaves) {
    this.leaves = leaves;
    this.ttls = ttls(leaves);
    this.followsHealth = Arrays.stream(leaves.ttlFloors).anyMatch(floor -> floor >= 0);
    this.checks = new int[followsHealth ? leaves.count() : 0][0];
    if (followsHealth) {
      collect(root, new int[0]);
    }
  }

  private void collect(PlanNode node, int[] above) {
    int[] here = with(above, node.healthCheck);
    if (node.isLeaf()) {
      for (int check : here) {
        checks[node.leaf] = with(checks[node.leaf], check);
      }
    }
    for (PlanNode.Branch branch : node.branches) {
      collect(branch.child(), with(here, branch.candidate().healthCheck()));
    }
  }

  private static int[] with(int[] checks, int check) {
    return check < 0 || Arrays.stream(checks).anyMatch(known -> known == check)
        ? checks
        : IntStream.concat(Arrays.stream(checks), IntStream.of(check)).toArray();
  }

  boolean followsHealth() {
    return followsHealth;
  }

  private static int[] ttls(Leaves leaves) {
    int[] ttls = new int[leaves.count()];
    Arrays.setAll(ttls, leaves::ttl);
    return ttls;
  }

  /**
   * By leaf, in seconds.
   *
   * @param resolved the leaves with what names elsewhere resolve to
   */
  int[] in(EligibilitySnapshot health, Leaves resolved) {
    if (!followsHealth) {
      return resolved == leaves ? ttls : ttls(resolved);
    }
    int[] now = ttls(resolved);
    for (int leaf = 0; leaf < now.length; leaf++) {
      int floor = leaves.ttlFloors[leaf];
      if (floor >= 0) {
        int bound = Arrays.stream(checks[leaf]).map(c -> bound(health, c)).min().orElse(now[leaf]);
        now[leaf] = Math.max(floor, Math.min(now[leaf], bound));
      }
    }
    return now;
  }

  private static int bound(EligibilitySnapshot health, int check) {
    return health.isEligible(check) ? health.secondsToDown(check) : 0;
  }

  /** For saying that nothing is healthy: no longer than for any of the records, at their least. */
  int withheld() {
    int least = Integer.MAX_VALUE;
    for (int leaf = 0; leaf < ttls.length; leaf++) {
      int floor = leaves.ttlFloors[leaf];
      least = Math.min(least, floor >= 0 ? floor : ttls[leaf]);
    }
    return least;
  }
}
