package dev.meridian.policy;

import dev.meridian.net.ClientAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How likely each branch of a policy's pool is to answer one client: the dice worked out, and the
 * client's hash where it takes their place. For explanations, never for a query. Immutable.
 */
final class PoolShares {
  private final Map<PlanNode.Branch, Double> shares = new HashMap<>();

  /** The branches that something is drawn among; fewer than two: nothing is drawn. */
  private final List<PlanNode.Branch> among;

  private final @Nullable Sticky sticky;
  private final ClientAddress client;

  /**
   * Those of a policy whose pool is not empty.
   *
   * @param pool of a band, those in reach
   */
  PoolShares(Choosing choice, PlanNode node, List<PlanNode.Branch> pool, ClientAddress client) {
    this.client = client;
    switch (node.policy) {
      case Weighted policy -> {
        among = choice.tier(node, pool);
        sticky = policy.sticky();
        weigh(node, choice.weights(node, among));
      }
      case NearestFirst policy when policy.band() != null -> {
        among = choice.tier(node, pool);
        sticky = policy.band().sticky();
        weigh(node, choice.weights(node, among));
      }
      case MultivalueAnswer policy -> {
        among = policy.max() < pool.size() ? pool : List.of();
        sticky = policy.sticky();
        pick(node, pool, choice.percents(pool), policy.max());
      }
      case null, default -> {
        among = List.of();
        sticky = null;
        rank(pool, choice.percents(pool));
      }
    }
  }

  private void weigh(PlanNode node, long[] weights) {
    if (sticky != null) {
      shares.put(among.get(Decision.indexOf(hash(sticky), node.keys(among), weights)), 1.0);
      return;
    }
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      shares.put(among.get(i), weights[i] / sum);
    }
  }

  private void pick(PlanNode node, List<PlanNode.Branch> pool, int[] percents, int max) {
    int before = 0;
    for (int level : Portions.levels(percents)) {
      double part = (level - before) / 100.0;
      List<PlanNode.Branch> set = Choosing.atLeast(level, pool, percents);
      if (sticky == null || max >= set.size()) {
        double share = part * Math.min(1.0, (double) max / set.size());
        set.forEach(branch -> shares.merge(branch, share, Double::sum));
      } else {
        own(node, set, max).forEach(branch -> shares.merge(branch, part, Double::sum));
      }
      before = level;
    }
  }

  /** The client's own: those with the smallest hashes. */
  private List<PlanNode.Branch> own(PlanNode node, List<PlanNode.Branch> set, int max) {
    long own = sticky == null ? 0 : hash(sticky);
    long[] keys = node.keys(set);
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted(
            (i, j) ->
                Long.compareUnsigned(Rendezvous.mix(keys[i], own), Rendezvous.mix(keys[j], own)))
        .limit(max)
        .map(set::get)
        .toList();
  }

  private void rank(List<PlanNode.Branch> pool, int[] percents) {
    double left = 1;
    for (int i = 0; left > 0; i++) {
      shares.put(pool.get(i), left * percents[i] / 100);
      left -= left * percents[i] / 100;
    }
  }

  private long hash(Sticky by) {
    return Rendezvous.client(client, bits(by));
  }

  private int bits(Sticky by) {
    return client.isIpv4() ? by.ipv4() : by.ipv6();
  }

  /** The probability that the answer comes from a branch: 0 to 1. */
  double of(PlanNode.Branch branch) {
    return shares.getOrDefault(branch, 0.0);
  }

  /** By how many of its first bits the client chose or passed by a branch; 0 if that is not why. */
  int bitsThatChose(PlanNode.Branch branch) {
    return sticky != null && among.size() > 1 && among.contains(branch) ? bits(sticky) : 0;
  }

  /** The ids of the branches that answer for sure. */
  List<String> certain() {
    return among.stream()
        .filter(branch -> of(branch) == 1)
        .map(branch -> branch.candidate().id())
        .toList();
  }
}
