package dev.meridian.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Which branches of a compiled tree anybody is answered with, in some state of health: every class
 * of clients is walked through the tree once.
 *
 * <pre>
 * failover                        what stands behind one that cannot fail is never answered
 * weighted                        weight 0 beside a positive weight that cannot fail is not
 * on-all-unhealthy                what stands in for a group that cannot fail is not
 * geolocation, cidr               a region or block is not whose clients all come from more
 *                                 specific ones that cannot fail, or do not get here at all
 * latency, geoproximity           one is not that is never nearer than one that cannot fail; and
 *                                 one that is never the nearest answers while others are down
 * </pre>
 *
 * Clients are addresses, and prefixes as resolvers send them: /24 and /56. Off the query path.
 */
public final class Reachability {
  /** How far a branch is from being answered. */
  public enum Reach {
    /** Whatever is healthy. */
    NEVER,
    /** While all is healthy. */
    RESERVE
  }

  /**
   * A branch that does less than it seems to.
   *
   * @param position of the branch among the candidates of the policy
   * @param nested whether another policy decides by client who gets to this one
   */
  public record Finding(
      Candidate branch, RoutingPolicy policy, int position, Reach reach, boolean nested) {}

  private final RoutedRRset rrset;
  private final Set<PlanNode.Branch> answered = identitySet();
  private final Set<PlanNode.Branch> preferred = identitySet();
  private final Set<PlanNode> finished = identitySet();
  private final IdentityHashMap<PlanNode, BitSet> seenOrders = new IdentityHashMap<>();

  private Reachability(RoutedRRset rrset) {
    this.rrset = rrset;
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Those of an RRset, outer branches before inner ones; nothing inside of one that is never. */
  public static List<Finding> of(RoutedRRset rrset) {
    Reachability reachability = new Reachability(rrset);
    rrset.steering.usualClasses().stream().forEach(i -> reachability.walk(rrset.root, i));
    List<Finding> findings = new ArrayList<>();
    reachability.collect(rrset.root, false, findings);
    return findings;
  }

  private void walk(PlanNode node, int clientClass) {
    if (finished.contains(node)) {
      return;
    }
    if (!node.clientDependent) {
      finished.add(node);
    }
    if (node.dimension >= 0) {
      walkOrder(node, clientClass);
      return;
    }
    boolean reached = true;
    boolean unfailing = hasUnfailingWeight(node);
    for (PlanNode.Branch branch : node.branches) {
      if (reached && !(unfailing && isZeroWeight(node, branch))) {
        answered.add(branch);
        walk(branch.child(), clientClass);
      }
      boolean ordered = node.policy instanceof Failover || node.policy instanceof OnAllUnhealthy;
      reached &= !(ordered && branch.isAlwaysHealthy());
    }
  }

  private static boolean isZeroWeight(PlanNode node, PlanNode.Branch branch) {
    return node.policy instanceof Weighted policy
        && policy.shares().get(branch.position()).weight() == 0;
  }

  private static boolean hasUnfailingWeight(PlanNode node) {
    return node.policy instanceof Weighted
        && node.branches.stream().anyMatch(b -> !isZeroWeight(node, b) && b.isAlwaysHealthy());
  }

  /** Orders are cut off behind what cannot fail: all that is left can be answered. */
  private void walkOrder(PlanNode node, int clientClass) {
    Order order = rrset.steering.order(clientClass, node.dimension);
    int number = rrset.steering.orderNumber(clientClass, node.dimension);
    BitSet seen = seenOrders.computeIfAbsent(node, _ -> new BitSet());
    boolean again = seen.get(number);
    seen.set(number);
    if (again && node.branches.stream().noneMatch(branch -> branch.child().clientDependent)) {
      return; // a class that is like another one in all that is to be seen from here
    }
    int near = node.spills() || order.positions.length == 0 ? Integer.MAX_VALUE : order.reachAt(0);
    for (int i = 0; i < order.positions.length; i++) {
      PlanNode.Branch branch = node.branchAt(order.positions[i]);
      if (branch != null) {
        answered.add(branch);
        if (i < near) {
          preferred.add(branch);
        }
        walk(branch.child(), clientClass);
      }
    }
  }

  private void collect(PlanNode node, boolean nested, List<Finding> findings) {
    boolean inside = nested || node.dimension >= 0;
    for (PlanNode.Branch branch : node.branches) {
      if (node.policy == null || answered.contains(branch)) {
        boolean reserve = node.policy instanceof NearestFirst && !preferred.contains(branch);
        if (reserve) {
          findings.add(finding(node, branch, Reach.RESERVE, nested));
        }
        collect(branch.child(), inside, findings);
      } else {
        findings.add(finding(node, branch, Reach.NEVER, nested));
      }
    }
  }

  private static Finding finding(
      PlanNode node, PlanNode.Branch branch, Reach reach, boolean nested) {
    RoutingPolicy policy = java.util.Objects.requireNonNull(node.policy);
    return new Finding(branch.candidate(), policy, branch.position(), reach, nested);
  }
}
