package dev.meridian.policy;

import dev.meridian.health.Weight;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A policy's choice in a pool that is not empty and has its order, in one state of health. What
 * becomes of those that take less than they would is in the table of {@link Portions}.
 */
final class Choosing {
  private final Portions portions;
  private final ToIntFunction<PlanNode.Branch> percent;
  private final Function<PlanNode, Decision> decisions;

  /**
   * A choice.
   *
   * @param percent of a branch, see {@link Portions#of}
   * @param decisions of what branches lead to
   */
  Choosing(
      Portions portions,
      ToIntFunction<PlanNode.Branch> percent,
      Function<PlanNode, Decision> decisions) {
    this.portions = portions;
    this.percent = percent;
    this.decisions = decisions;
  }

  /** What comes of a pool; of a band, those in reach. */
  Decision among(PlanNode node, List<PlanNode.Branch> pool) {
    return switch (node.policy) {
      case Weighted policy -> byWeight(node, pool, policy.sticky());
      case NearestFirst policy when policy.band() != null ->
          byWeight(node, pool, policy.band().sticky());
      case MultivalueAnswer policy -> some(node, policy, pool);
      case null, default -> ranked(pool, percents(pool), 0);
    };
  }

  private Decision byWeight(PlanNode node, List<PlanNode.Branch> pool, @Nullable Sticky sticky) {
    List<PlanNode.Branch> tier = tier(node, pool);
    Decision decision = Decision.weighted(decisions(tier), weights(node, tier));
    return sticky == null ? decision : decision.stickingTo(node.keys(tier), sticky);
  }

  /** For each portion that is taken, those that take at least as much. */
  private Decision some(PlanNode node, MultivalueAnswer policy, List<PlanNode.Branch> pool) {
    int[] percents = percents(pool);
    int[] levels = Portions.levels(percents);
    Decision[] sets = new Decision[levels.length];
    long[] weights = new long[levels.length];
    for (int i = 0; i < levels.length; i++) {
      List<PlanNode.Branch> set = atLeast(levels[i], pool, percents);
      Decision decision = Decision.some(decisions(set), policy.max());
      sets[i] =
          policy.sticky() == null ? decision : decision.stickingTo(node.keys(set), policy.sticky());
      weights[i] = (long) levels[i] - (i == 0 ? 0 : levels[i - 1]);
    }
    return Decision.weighted(sets, weights);
  }

  /** From a position on: the first takes its portion, the rest goes on; one takes all. */
  private Decision ranked(List<PlanNode.Branch> pool, int[] percents, int from) {
    Decision own = decisions.apply(pool.get(from).child());
    int percent = percents[from];
    if (percent == Weight.FULL) {
      return own;
    }
    Decision rest = ranked(pool, percents, from + 1);
    return percent == 0
        ? rest
        : Decision.weighted(
            new Decision[] {own, rest}, new long[] {percent, Weight.FULL - percent});
  }

  private Decision[] decisions(List<PlanNode.Branch> branches) {
    return branches.stream().map(b -> decisions.apply(b.child())).toArray(Decision[]::new);
  }

  /** Those of a pool that take at least so much. */
  static List<PlanNode.Branch> atLeast(int level, List<PlanNode.Branch> pool, int[] percents) {
    return IntStream.range(0, percents.length)
        .filter(i -> percents[i] >= level)
        .mapToObj(pool::get)
        .toList();
  }

  /** What each of a pool takes, as parts of what the one takes that takes most. */
  int[] percents(List<PlanNode.Branch> pool) {
    return Portions.relative(pool, percent);
  }

  /** W1 and W3: those with a weight; W2 and W4: if nobody has one, all alike. */
  List<PlanNode.Branch> tier(PlanNode node, List<PlanNode.Branch> pool) {
    List<PlanNode.Branch> weighted =
        pool.stream().filter(branch -> weight(node, branch) > 0).toList();
    return weighted.isEmpty() ? pool : weighted;
  }

  /** Of a tier in hundredths, at least one each. */
  long[] weights(PlanNode node, List<PlanNode.Branch> tier) {
    return tier.stream().mapToLong(branch -> Math.max(1, weight(node, branch))).toArray();
  }

  private long weight(PlanNode node, PlanNode.Branch branch) {
    return portions.weight(branch, written(node, branch), percent.applyAsInt(branch));
  }

  private static long written(PlanNode node, PlanNode.Branch branch) {
    return switch (node.policy) {
      case Weighted policy -> policy.shares().get(branch.position()).weight();
      case NearestFirst policy -> policy.weight(branch.position());
      case null, default -> 1;
    };
  }
}
