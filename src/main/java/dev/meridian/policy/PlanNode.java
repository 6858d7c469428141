package dev.meridian.policy;

import dev.meridian.health.HealthRegistry;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Target} made ready for one record type: aliases followed, candidates without records of
 * the type left out, nodes numbered. Immutable once compiled.
 */
final class PlanNode {
  /** A branch that is left, and its position among the candidates as written. */
  record Branch(int position, Candidate candidate, PlanNode child) {
    /** Whether no state of health, nor of names elsewhere, can ever make others answer for it. */
    boolean isAlwaysHealthy() {
      return candidate.healthCheck() == HealthRegistry.NONE
          && !child.external
          && (!candidate.evaluateTargetHealth() || child.alwaysHealthy);
    }
  }

  /** What an explanation calls the node: endpoint id, alias target, or the policy's keyword. */
  final String id;

  /** The policy that chooses; null for leaves and aliases. */
  final @Nullable RoutingPolicy policy;

  final List<Branch> branches;

  /** {@link #branches}, with gaps. */
  private final @Nullable Branch[] byPosition;

  /** Number in the RRset's leaves, or -1. */
  final int leaf;

  /** The leaf's own health check, or NONE. */
  final int healthCheck;

  /** Number among the nodes whose candidates depend on the client, or -1. */
  final int dimension;

  /** Whether the client matters here or below. */
  final boolean clientDependent;

  /** Whether something healthy is inside for every client and in every state of health. */
  final boolean alwaysHealthy;

  /** Whether what it answers depends on what names elsewhere resolve to, here or below. */
  final boolean external;

  /** Whether a branch was left out because it leads to a name that is not resolved here. */
  final boolean incomplete;

  /** The way here from the root, by ids of candidates; what choices that stick are hashed with. */
  private final long path;

  /** Whether something here or below answers what it did when it was last healthy. */
  final boolean remembers;

  private final boolean remembersByClass;

  private PlanNode(
      String id,
      @Nullable RoutingPolicy policy,
      List<Branch> branches,
      int leaf,
      int healthCheck,
      int dimension,
      boolean incomplete,
      boolean external,
      long path) {
    this.path = path;
    this.id = id;
    this.policy = policy;
    this.branches = branches;
    this.byPosition = new Branch[branches.isEmpty() ? 0 : branches.getLast().position() + 1];
    branches.forEach(branch -> byPosition[branch.position()] = branch);
    this.leaf = leaf;
    this.healthCheck = healthCheck;
    this.dimension = dimension;
    this.incomplete = incomplete;
    this.external = external || branches.stream().anyMatch(branch -> branch.child().external);
    this.clientDependent =
        dimension >= 0 || branches.stream().anyMatch(branch -> branch.child().clientDependent);
    this.alwaysHealthy = alwaysHealthy();
    this.remembers = isLastGood() || branches.stream().anyMatch(branch -> branch.child().remembers);
    this.remembersByClass =
        (isLastGood() && clientDependent)
            || branches.stream().anyMatch(branch -> branch.child().remembersByClass);
  }

  private boolean alwaysHealthy() {
    return switch (policy) {
      case null -> leaf < 0 ? everyBranch() : healthCheck < 0 && !external;
      case Geolocation p -> hasBranch(i -> p.regions().get(i).key().isDefault()) && everyBranch();
      case IpBased p -> hasBranch(i -> p.networks().get(i).isDefault()) && everyBranch();
      case OnAllUnhealthy _ -> branches.getFirst().isAlwaysHealthy();
      default -> branches.stream().anyMatch(Branch::isAlwaysHealthy);
    };
  }

  /** Conservative: whichever candidates apply to a client. */
  private boolean everyBranch() {
    return !branches.isEmpty() && branches.stream().allMatch(Branch::isAlwaysHealthy);
  }

  /** Whether a default, without which some clients have no candidate, has records of the type. */
  private boolean hasBranch(IntPredicate isDefault) {
    return branches.stream().anyMatch(branch -> isDefault.test(branch.position()));
  }

  /** The branch of a candidate, or null if it has no records of the type. */
  @Nullable Branch branchAt(int position) {
    return position < byPosition.length ? byPosition[position] : null;
  }

  /** Whether clients beyond a candidate's capacity go to the next. */
  boolean spills() {
    return policy instanceof NearestFirst near && near.spills();
  }

  /** Whether what is answered may depend on more than the first healthy candidate. */
  boolean choosesAmongMany() {
    return policy instanceof Weighted
        || policy instanceof MultivalueAnswer
        || (policy instanceof NearestFirst near && near.band() != null);
  }

  static PlanNode leaf(String id, int leaf, int healthCheck) {
    return new PlanNode(id, null, List.of(), leaf, healthCheck, -1, false, false, 0);
  }

  /** A leaf whose records are what a name elsewhere resolves to. */
  static PlanNode externalLeaf(String id, int leaf) {
    return new PlanNode(id, null, List.of(), leaf, HealthRegistry.NONE, -1, false, true, 0);
  }

  /** A node that only leads on to the records of another name. */
  static PlanNode alias(AliasTarget target, PlanNode child) {
    Branch branch = new Branch(0, Candidate.of(target.name().toString(), target), child);
    return new PlanNode(
        target.name().toString(), null, List.of(branch), -1, -1, -1, false, false, 0);
  }

  static PlanNode choice(
      RoutingPolicy policy, List<Branch> branches, int dimension, boolean incomplete, long path) {
    return new PlanNode(
        policy.keyword(),
        policy,
        List.copyOf(branches),
        -1,
        -1,
        dimension,
        incomplete,
        false,
        path);
  }

  /** The records of a name and type that are neither served nor resolved here. */
  static PlanNode elsewhere(AliasTarget target) {
    return new PlanNode(target.name().toString(), null, List.of(), -1, -1, -1, true, false, 0);
  }

  /** What clients hash against to find their own among these branches. */
  long[] keys(Collection<Branch> of) {
    return of.stream().mapToLong(b -> Rendezvous.key(path, b.candidate().id())).toArray();
  }

  /** Whether something here or below remembers what it answered each class of clients. */
  boolean remembersByClass() {
    return remembersByClass;
  }

  boolean isLastGood() {
    return policy instanceof OnAllUnhealthy rule && rule.rule() == OnAllUnhealthy.Rule.LAST_GOOD;
  }

  /** Whether all that it leads to is elsewhere. */
  boolean isElsewhere() {
    return incomplete && branches.isEmpty();
  }

  boolean isLeaf() {
    return leaf >= 0;
  }

  boolean isAlias() {
    return leaf < 0 && policy == null;
  }
}
