package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
   * @param place where the policy has it stand; null if the policy does not go by places
   */
  public record Branch(
      String id, String selector, int healthCheck, @Nullable Place place, PolicyTree node) {}

  /**
   * Where a candidate stands.
   *
   * @param region its name in the latency table; null if only coordinates were written
   * @param coordinates null if the region is none whose coordinates are known
   */
  public record Place(@Nullable String region, @Nullable Coordinates coordinates) {}

  /** Copies the list. */
  public PolicyTree {
    branches = List.copyOf(branches);
  }

  /** The tree of an RRset. */
  public static PolicyTree of(RoutedRRset rrset) {
    return of(rrset.root);
  }

  /** What chooses, in a word: the keyword of the policy, {@code alias} or {@code endpoint}. */
  public String policy() {
    boolean rule = kind == Explained.Kind.POLICY && what.startsWith(OnAllUnhealthy.KEYWORD);
    if (rule) {
      return branches.isEmpty() ? OnAllUnhealthy.KEYWORD : branches.getFirst().node().policy();
    }
    return kind == Explained.Kind.POLICY ? what : kind.name().toLowerCase(Locale.ROOT);
  }

  /** Where leaves stand, by number, as far as policies say so; the nearest policy has the word. */
  public Map<Integer, Place> places() {
    Map<Integer, Place> places = new HashMap<>();
    collect(null, places);
    return places;
  }

  private void collect(@Nullable Place above, Map<Integer, Place> places) {
    if (leaf >= 0 && above != null) {
      places.putIfAbsent(leaf, above);
    }
    for (Branch branch : branches) {
      branch.node().collect(branch.place() == null ? above : branch.place(), places);
    }
  }

  private static PolicyTree of(PlanNode node) {
    Explained.Kind kind =
        node.isLeaf()
            ? Explained.Kind.ENDPOINT
            : node.isAlias() ? Explained.Kind.ALIAS : Explained.Kind.POLICY;
    List<Branch> branches =
        node.branches.stream().map(branch -> branch(node.policy, branch)).toList();
    return new PolicyTree(PolicyExplainer.what(node), kind, node.leaf, node.healthCheck, branches);
  }

  private static Branch branch(@Nullable RoutingPolicy policy, PlanNode.Branch branch) {
    Candidate candidate = branch.candidate();
    String selector = policy == null ? "" : selector(policy, branch.position());
    Place place = policy == null ? null : place(policy, branch.position());
    return new Branch(candidate.id(), selector, candidate.healthCheck(), place, of(branch.child()));
  }

  private static @Nullable Place place(RoutingPolicy policy, int position) {
    return switch (policy) {
      case Geoproximity p -> new Place(null, p.sites().get(position).coordinates());
      case Latency p ->
          new Place(p.sites().get(position).region(), p.sites().get(position).coordinates());
      default -> null;
    };
  }

  private static String selector(RoutingPolicy policy, int position) {
    return switch (policy) {
      case Geoproximity p -> {
        int bias = p.sites().get(position).bias();
        yield bias == 0 ? "nearest" : "bias " + (bias > 0 ? "+" : "") + bias;
      }
      case Latency p -> p.sites().get(position).region();
      default -> ClientFigures.selector(policy, position);
    };
  }
}
