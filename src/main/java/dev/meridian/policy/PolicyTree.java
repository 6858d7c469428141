package dev.meridian.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled policy of one routed RRset as a picture needs it: every branch, for no client in
 * particular. {@link PolicyExplainer} says what becomes of it for one.
 *
 * @param what endpoint id, alias target, or the policy's keyword
 * @param leaf number among the RRset's leaves, or -1
 * @param healthCheck of an endpoint's records, or {@code HealthRegistry.NONE}
 * @param branches in the order written; those without records of the type are left out
 */
public record PolicyTree(
    String what, Explained.Kind kind, int leaf, int healthCheck, List<Branch> branches) {
  /**
   * One candidate.
   *
   * @param id endpoint, pool, or SetIdentifier
   * @param selector what the policy goes by: {@code weight 3}, {@code continent:EU}, {@code
   *     eu-west-1}
   * @param healthCheck the candidate's own, or {@code HealthRegistry.NONE}
   */
  public record Branch(String id, String selector, int healthCheck, PolicyTree node) {}

  /** Copies the list. */
  public PolicyTree {
    branches = List.copyOf(branches);
  }

  /** The tree of an RRset. */
  public static PolicyTree of(RoutedRRset rrset) {
    return of(rrset.root);
  }

  private static PolicyTree of(PlanNode node) {
    Explained.Kind kind =
        node.isLeaf()
            ? Explained.Kind.ENDPOINT
            : node.isAlias() ? Explained.Kind.ALIAS : Explained.Kind.POLICY;
    List<Branch> branches =
        node.branches.stream().map(branch -> branch(node.policy, branch)).toList();
    return new PolicyTree(node.id, kind, node.leaf, node.healthCheck, branches);
  }

  private static Branch branch(@Nullable RoutingPolicy policy, PlanNode.Branch branch) {
    Candidate candidate = branch.candidate();
    String selector = policy == null ? "" : selector(policy, branch.position());
    return new Branch(candidate.id(), selector, candidate.healthCheck(), of(branch.child()));
  }

  private static String selector(RoutingPolicy policy, int position) {
    return switch (policy) {
      case Geoproximity p -> {
        int bias = p.sites().get(position).bias();
        yield bias == 0 ? "nearest" : "bias " + (bias > 0 ? "+" : "") + bias;
      }
      case Latency p -> p.sites().get(position).region();
      default -> PolicyExplainer.selector(policy, position);
    };
  }
}
