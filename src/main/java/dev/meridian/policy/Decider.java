package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Applies a state of health to a tree, once per class of clients, whenever health changes. The core
 * of Route 53's rules, the same for every policy:
 *
 * <pre>
 * candidates = those that apply to the client, in the policy's order
 * healthy(c) = c's own check is up, and, if c evaluates its target, something inside is healthy
 * pool       = the healthy candidates; if there are none, all of them (fail-open)
 * answer     = the policy's choice in the pool; no candidates: no answer, or a failure if some
 *              were left out because they lead to names that are not resolved here
 * </pre>
 */
final class Decider {
  /** What comes out for a node: what to do, and whether something inside is healthy. */
  record Outcome(Decision decision, boolean healthy) {}

  private final RoutedRRset rrset;
  private final EligibilitySnapshot eligibility;

  /** Parts that are the same for every class. */
  private final IdentityHashMap<PlanNode, Outcome> shared = new IdentityHashMap<>();

  /** Parts of the class that is being decided. */
  private final IdentityHashMap<PlanNode, Outcome> ofClass = new IdentityHashMap<>();

  private int currentClass = -1;

  Decider(RoutedRRset rrset, EligibilitySnapshot eligibility) {
    this.rrset = rrset;
    this.eligibility = eligibility;
  }

  Outcome decide(PlanNode node, int clientClass) {
    if (clientClass != currentClass) {
      ofClass.clear();
      currentClass = clientClass;
    }
    IdentityHashMap<PlanNode, Outcome> done = node.clientDependent ? ofClass : shared;
    Outcome known = done.get(node);
    if (known == null) {
      known = work(node, clientClass);
      done.put(node, known);
    }
    return known;
  }

  private Outcome work(PlanNode node, int clientClass) {
    if (node.isLeaf()) {
      return new Outcome(Decision.leaf(node.leaf), eligibility.isEligible(node.healthCheck));
    }
    List<PlanNode.Branch> candidates = rrset.candidates(node, clientClass);
    if (candidates.isEmpty()) {
      return new Outcome(node.incomplete ? Decision.FAILURE : Decision.NO_ANSWER, false);
    }
    List<PlanNode.Branch> healthy = new ArrayList<>();
    for (PlanNode.Branch candidate : candidates) {
      if (isHealthy(candidate, clientClass)) {
        healthy.add(candidate);
      }
    }
    List<PlanNode.Branch> pool = healthy.isEmpty() ? candidates : healthy;
    return new Outcome(choose(node, pool, clientClass), !healthy.isEmpty());
  }

  boolean isHealthy(PlanNode.Branch branch, int clientClass) {
    Candidate candidate = branch.candidate();
    return eligibility.isEligible(candidate.healthCheck())
        && (!candidate.evaluateTargetHealth() || decide(branch.child(), clientClass).healthy());
  }

  private Decision choose(PlanNode node, List<PlanNode.Branch> pool, int clientClass) {
    return switch (node.policy) {
      case Weighted policy -> {
        List<PlanNode.Branch> tier = tier(policy, pool);
        yield Decision.weighted(decisions(tier, clientClass), weights(policy, tier));
      }
      case MultivalueAnswer policy -> Decision.some(decisions(pool, clientClass), policy.max());
      case null, default -> decide(pool.getFirst().child(), clientClass).decision();
    };
  }

  private Decision[] decisions(List<PlanNode.Branch> branches, int clientClass) {
    return branches.stream()
        .map(branch -> decide(branch.child(), clientClass).decision())
        .toArray(Decision[]::new);
  }

  /** W1 and W3: those with a weight; W2 and W4: if nobody has one, all alike. */
  static List<PlanNode.Branch> tier(Weighted policy, List<PlanNode.Branch> pool) {
    List<PlanNode.Branch> weighted =
        pool.stream()
            .filter(branch -> policy.shares().get(branch.position()).weight() > 0)
            .toList();
    return weighted.isEmpty() ? pool : weighted;
  }

  static long[] weights(Weighted policy, List<PlanNode.Branch> tier) {
    return tier.stream()
        .mapToLong(branch -> Math.max(1, policy.shares().get(branch.position()).weight()))
        .toArray();
  }
}
