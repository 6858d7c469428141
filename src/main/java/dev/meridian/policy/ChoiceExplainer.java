package dev.meridian.policy;

import dev.meridian.policy.Explained.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says of the candidates of one policy why each answers, or does not: for one client, in one state
 * of health. What a candidate leads to is the {@link PolicyExplainer}'s to explain.
 */
final class ChoiceExplainer {
  private final RoutedRRset rrset;
  private final Decider decider;
  private final PolicyExplainer.Asker asker;
  private final RoutingPolicy policy;
  private final PlanNode node;
  private final List<PlanNode.Branch> applicable;

  /** Without those that lead to names of which nothing is known. */
  private final List<PlanNode.Branch> known;

  private final List<PlanNode.Branch> pool;
  private final boolean failOpen;
  private final PolicyExplainer.Way way;
  private final @Nullable PoolShares shares;

  /**
   * @param policy of the node
   * @param way how the client's answer comes to the node
   */
  ChoiceExplainer(
      RoutedRRset rrset,
      Decider decider,
      PolicyExplainer.Asker asker,
      PlanNode node,
      RoutingPolicy policy,
      PolicyExplainer.Way way) {
    this.rrset = rrset;
    this.decider = decider;
    this.asker = asker;
    this.way = way;
    this.node = node;
    this.policy = policy;
    applicable = rrset.candidates(node, asker.clientClass());
    known = decider.known(node, applicable, asker.clientClass());
    List<PlanNode.Branch> healthy =
        known.stream().filter(branch -> decider.isHealthy(branch, asker.clientClass())).toList();
    failOpen = healthy.isEmpty();
    pool = failOpen ? known : healthy;
    shares = shares();
  }

  private @Nullable PoolShares shares() {
    List<PlanNode.Branch> reach =
        pool.isEmpty() ? pool : decider.inReach(node, pool, asker.clientClass());
    return reach.isEmpty()
        ? null
        : new PoolShares(decider.choice(asker.clientClass()), node, reach, asker.address());
  }

  private double share(PlanNode.Branch branch) {
    if (way.isKept()) {
      return way.share(branch.child()) / way.share(node);
    }
    if (shares == null || isLeftUnhealthy()) {
      return 0;
    }
    return node.spills() ? (branch.equals(planned()) ? 1 : 0) : shares.of(branch);
  }

  /** See {@link PoolShares#bitsThatChose}. */
  private int bitsThatChose(PlanNode.Branch branch) {
    return shares == null ? 0 : shares.bitsThatChose(branch);
  }

  /**
   * All candidates: those that the client can get, the preferred first, then the others.
   *
   * @param inside explains what a branch leads to
   */
  List<Explained.Branch> branches(BiFunction<PlanNode, PolicyExplainer.Way, Explained> inside) {
    List<Explained.Branch> all = new ArrayList<>();
    for (PlanNode.Branch branch : applicable) {
      double share = share(branch);
      all.add(applicable(branch, share, inside.apply(branch.child(), way.on(share > 0))));
    }
    List<Candidate> candidates = policy.candidates();
    for (int i = 0; i < candidates.size(); i++) {
      PlanNode.Branch branch = node.branchAt(i);
      if (branch == null || !applicable.contains(branch)) {
        all.add(outside(i, candidates.get(i), branch == null));
      }
    }
    return all;
  }

  private Explained.Branch applicable(PlanNode.Branch branch, double share, Explained inside) {
    Standing standing = standing(branch, share);
    return new Explained.Branch(
        branch.candidate().id(),
        selector(branch.position()),
        branch.candidate().healthCheck(),
        standing,
        share,
        reason(branch, standing) + portion(branch),
        inside);
  }

  private String portion(PlanNode.Branch branch) {
    String portion = decider.portion(branch);
    return portion.isEmpty() ? "" : "; " + portion;
  }

  private Standing standing(PlanNode.Branch branch, double share) {
    if (share > 0) {
      return share == 1 ? Standing.CHOSEN : Standing.DRAWN;
    }
    return pool.contains(branch) && !isLeftUnhealthy() ? Standing.RESERVE : Standing.UNHEALTHY;
  }

  /** Nothing here is healthy, and the answer comes from elsewhere. */
  private boolean isLeftUnhealthy() {
    return failOpen && (way.isKept() || !way.taken());
  }

  private String reason(PlanNode.Branch branch, Standing standing) {
    return switch (standing) {
      case CHOSEN, DRAWN ->
          way.isKept()
              ? "unhealthy, but answered when something last was healthy"
              : failOpen
                  ? "nothing here is healthy, so all count as healthy (fail-open)"
                  : standing == Standing.DRAWN || bitsThatChose(branch) > 0
                      ? "healthy, " + how(branch)
                      : policy instanceof NearestFirst near && near.spills()
                          ? "healthy, the nearest with room"
                          : "healthy, preferred";
      case RESERVE ->
          isZeroWeight(branch)
              ? "weight 0: only if no other is healthy"
              : isFull(branch)
                  ? "healthy and nearer, but full of clients that are nearer to it"
                  : bitsThatChose(branch) > 0 ? passedBy(branch) : behind(branch);
      case UNHEALTHY ->
          known.contains(branch) ? unhealthy(branch) : "its name elsewhere is not resolved yet";
      case NOT_APPLICABLE, NO_RECORDS -> "";
    };
  }

  private String how(PlanNode.Branch branch) {
    int bits = bitsThatChose(branch);
    return bits > 0 ? "drawn by the client's first " + bits + " bits" : "drawn at random";
  }

  private PlanNode.Branch chosen() {
    return node.spills() ? planned() : pool.getFirst();
  }

  /** The branch that the plan has for the client; the nearest, for who is in no cell. */
  private PlanNode.Branch planned() {
    int cell = rrset.steering.cell(asker.clientClass(), node.dimension);
    PlanNode.Branch branch = cell < 0 ? null : node.branchAt(decider.plan(node)[cell]);
    return branch == null ? pool.getFirst() : branch;
  }

  private boolean isFull(PlanNode.Branch branch) {
    return node.spills() && applicable.indexOf(branch) < applicable.indexOf(planned());
  }

  /** What a candidate has and can take of all clients, by plan. */
  private String planned(NearestFirst near, int position) {
    Cells cells = near.spills() ? rrset.steering.cells(node.dimension) : null;
    if (cells == null) {
      return "";
    }
    double load = cells.loads(decider.plan(node))[position];
    double capacity = near.capacity(position);
    return Double.isInfinite(capacity)
        ? String.format(Locale.ROOT, ", has %.1f%%", 100 * load)
        : String.format(Locale.ROOT, ", has %.1f of %.1f%%", 100 * load, 100 * capacity);
  }

  private String passedBy(PlanNode.Branch branch) {
    return (failOpen ? "counts as healthy (fail-open)" : "healthy")
        + ", but the client's first "
        + bitsThatChose(branch)
        + " bits drew "
        + String.join(", ", shares == null ? List.of() : shares.certain());
  }

  /** What the one that answers has before this one. */
  private String behind(PlanNode.Branch branch) {
    PlanNode.Branch first = chosen();
    String id = first.candidate().id();
    return (failOpen ? "counts as healthy (fail-open), behind " : "healthy, behind ")
        + switch (policy) {
          case Geoproximity p ->
              id
                  + asker
                      .figures()
                      .farther(p.sites().get(branch.position()), p.sites().get(first.position()));
          case Latency p ->
              id
                  + asker
                      .figures()
                      .slower(p.sites().get(branch.position()), p.sites().get(first.position()));
          case Geolocation _, IpBased _ -> selector(first.position()) + ", which is more specific";
          default -> id;
        };
  }

  private String unhealthy(PlanNode.Branch branch) {
    if (!decider.isOwnCheckUp(branch)) {
      return "unhealthy: its own check is down";
    }
    return branch.child().isLeaf() ? "unhealthy" : "unhealthy: nothing inside is healthy";
  }

  private boolean isZeroWeight(PlanNode.Branch branch) {
    return policy instanceof Weighted weighted
        && weighted.shares().get(branch.position()).weight() == 0;
  }

  private Explained.Branch outside(int position, Candidate candidate, boolean noRecords) {
    String reason =
        noRecords
            ? node.incomplete
                ? "has no records of this type here; of names outside of the zones only addresses are resolved"
                : "has no records of this type"
            : applies(position) ? cutOff() : "not for this client";
    return new Explained.Branch(
        candidate.id(),
        selector(position),
        candidate.healthCheck(),
        noRecords ? Standing.NO_RECORDS : Standing.NOT_APPLICABLE,
        0,
        reason,
        null);
  }

  /** Whether the candidate would be in the client's chain, were the chain not cut off. */
  private boolean applies(int position) {
    return switch (policy) {
      case Geolocation p -> p.regions().get(position).key().matches(asker.place());
      case IpBased p -> {
        IpBased.Network network = p.networks().get(position);
        yield network.isDefault() || IpBased.longestBlock(network, asker.prefix()) >= 0;
      }
      default -> true;
    };
  }

  /** Nothing comes after a candidate that is always healthy. */
  private String cutOff() {
    String last = applicable.isEmpty() ? "one" : applicable.getLast().candidate().id();
    return "never reached: " + last + " before it cannot fail";
  }

  private String selector(int position) {
    return switch (policy) {
      case Geoproximity p ->
          asker.figures().proximity(p.sites().get(position)) + planned(p, position);
      case Latency p -> asker.figures().latency(p.sites().get(position)) + planned(p, position);
      default -> ClientFigures.selector(policy, position);
    };
  }
}
