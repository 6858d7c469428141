package dev.meridian.policy;

import dev.meridian.geo.Location;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.policy.Explained.Standing;
import dev.meridian.rr.ResolvedNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says why, from what serves: class, order of candidates and health come from the compiled {@link
 * RoutedRRset} and its {@link Decider}, so an explanation cannot differ from the answer. Only the
 * figures beside a candidate ({@link ClientFigures}) are worked out again for the reader.
 */
public final class PolicyExplainer {
  private final RoutedRRset rrset;
  private final Decider decider;
  private final Map<String, Decision> lastGood;
  private final int clientClass;
  private final ClientAddress address;
  private final Prefix client;
  private final Location place;
  private final ClientFigures figures;

  /** An explainer for one client at one moment. */
  public PolicyExplainer(
      RoutedRRset rrset,
      ClientSpace space,
      EligibilitySnapshot eligibility,
      ResolvedNames resolved,
      Decisions decisions,
      ClientAddress client) {
    this.rrset = rrset;
    this.decider = new Decider(rrset, eligibility, resolved, decisions.lastGood);
    this.lastGood = decisions.lastGood;
    this.address = client;
    this.clientClass = PrefixPartition.value(rrset.find(client));
    this.client = Prefix.of(client);
    this.place = space.geo().lookup(this.client).location();
    this.figures = new ClientFigures(space, place, client);
  }

  /** The whole tree. */
  public Explained explain() {
    return explain(rrset.root, Way.TAKEN);
  }

  /**
   * How the client's answer comes to a node.
   *
   * @param taken whether it does; only then does what is unhealthy count as healthy
   * @param kept the shares of all leaves in what is answered from memory; empty: it is not
   */
  private record Way(boolean taken, List<Double> kept) {
    static final Way TAKEN = new Way(true, List.of());
    static final Way NOT_TAKEN = new Way(false, List.of());

    /** The way on into a branch. */
    Way on(boolean answers) {
      return answers ? this : NOT_TAKEN;
    }

    boolean isKept() {
      return !kept.isEmpty();
    }

    /** What a subtree has of what is kept. */
    double share(PlanNode node) {
      return node.isLeaf()
          ? kept.get(node.leaf)
          : node.branches.stream().mapToDouble(branch -> share(branch.child())).sum();
    }
  }

  /** What a node is called: with a rule for when nothing is healthy, the rule. */
  static String what(PlanNode node) {
    return node.policy instanceof OnAllUnhealthy rule ? rule.text() : node.id;
  }

  private Explained explain(PlanNode node, Way way) {
    boolean healthy = decider.decide(node, clientClass).healthy();
    if (node.isLeaf()) {
      return new Explained(node.id, Explained.Kind.ENDPOINT, node.healthCheck, healthy, List.of());
    }
    if (node.policy == null) {
      PlanNode.Branch branch = node.branches.getFirst();
      Explained.Branch only =
          new Explained.Branch(
              node.id, "", -1, Standing.CHOSEN, 1, "alias", explain(branch.child(), way));
      return new Explained(node.id, Explained.Kind.ALIAS, -1, healthy, List.of(only));
    }
    List<Explained.Branch> branches =
        node.policy instanceof OnAllUnhealthy rule
            ? guarded(node, rule, way)
            : new Choice(node, node.policy, way).branches();
    return new Explained(what(node), Explained.Kind.POLICY, -1, healthy, branches);
  }

  /** A group with a rule, and what the rule puts in its place. */
  private List<Explained.Branch> guarded(PlanNode node, OnAllUnhealthy policy, Way way) {
    PlanNode.Branch group = node.branches.getFirst();
    Decider.Outcome outcome = decider.decide(group.child(), clientClass);
    boolean acts = !outcome.healthy() && !outcome.empty();
    boolean replaced = acts && policy.rule() != OnAllUnhealthy.Rule.LAST_GOOD;
    List<Explained.Branch> branches = new ArrayList<>();
    branches.add(
        branch(
            group,
            "",
            replaced ? Standing.UNHEALTHY : Standing.CHOSEN,
            acts ? whenUnhealthy(node, policy) : whyNot(outcome),
            acts && !replaced ? kept(node, way) : way.on(!replaced)));
    if (node.branches.size() > 1) {
      branches.add(
          branch(
              node.branches.getLast(),
              "instead",
              replaced ? Standing.CHOSEN : Standing.RESERVE,
              replaced
                  ? "answers instead, whatever its own health"
                  : "only if nothing in " + group.candidate().id() + " is healthy",
              way.on(replaced)));
    }
    return branches;
  }

  /** The way into a group that answers what it last answered; as without the rule if it has not. */
  private Way kept(PlanNode node, Way way) {
    Decision known = lastGood.get(decider.memoryKey(node, clientClass));
    return known == null || !way.taken()
        ? way
        : new Way(true, Arrays.stream(AnswerShares.of(known, rrset.leafCount())).boxed().toList());
  }

  private static String whyNot(Decider.Outcome outcome) {
    return outcome.empty()
        ? "nothing in it is for this client, so there is no answer"
        : "something in it is healthy, so the rule does not act";
  }

  private String whenUnhealthy(PlanNode node, OnAllUnhealthy policy) {
    String nothing = "nothing in it is healthy, so the rule acts: ";
    return switch (policy.rule()) {
      case NODATA -> nothing + "NODATA";
      case SERVFAIL -> nothing + "SERVFAIL";
      case INSTEAD ->
          nothing
              + (node.branches.size() > 1
                  ? node.branches.getLast().candidate().id() + " answers"
                  : "NODATA, as the other answer has no records of this type");
      case LAST_GOOD -> {
        Decision known = lastGood.get(decider.memoryKey(node, clientClass));
        yield nothing
            + (known == null
                ? "what it last answered is not known, so all count as healthy (fail-open)"
                : "what it answered when something last was, " + leaves(known));
      }
    };
  }

  private String leaves(Decision decision) {
    return decision
        .leaves()
        .distinct()
        .mapToObj(rrset::leafId)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Explained.Branch branch(
      PlanNode.Branch branch, String selector, Standing standing, String reason, Way way) {
    return new Explained.Branch(
        branch.candidate().id(),
        selector,
        branch.candidate().healthCheck(),
        standing,
        standing == Standing.CHOSEN ? 1 : 0,
        reason,
        explain(branch.child(), way));
  }

  /** The candidates of one policy. */
  private final class Choice {
    private final RoutingPolicy policy;
    private final PlanNode node;
    private final List<PlanNode.Branch> applicable;

    /** Without those that lead to names of which nothing is known. */
    private final List<PlanNode.Branch> known;

    private final List<PlanNode.Branch> pool;
    private final boolean failOpen;
    private final Way way;
    private final @Nullable PoolShares shares;

    Choice(PlanNode node, RoutingPolicy policy, Way way) {
      this.way = way;
      this.node = node;
      this.policy = policy;
      applicable = rrset.candidates(node, clientClass);
      known = decider.known(node, applicable, clientClass);
      List<PlanNode.Branch> healthy =
          known.stream().filter(branch -> decider.isHealthy(branch, clientClass)).toList();
      failOpen = healthy.isEmpty();
      pool = failOpen ? known : healthy;
      shares = shares();
    }

    private @Nullable PoolShares shares() {
      List<PlanNode.Branch> reach =
          pool.isEmpty() ? pool : decider.inReach(node, pool, clientClass);
      return reach.isEmpty()
          ? null
          : new PoolShares(decider.choice(clientClass), node, reach, address);
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

    List<Explained.Branch> branches() {
      List<Explained.Branch> all = new ArrayList<>();
      for (PlanNode.Branch branch : applicable) {
        all.add(applicable(branch));
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

    private Explained.Branch applicable(PlanNode.Branch branch) {
      double share = share(branch);
      Standing standing = standing(branch, share);
      return new Explained.Branch(
          branch.candidate().id(),
          selector(branch.position()),
          branch.candidate().healthCheck(),
          standing,
          share,
          reason(branch, standing) + portion(branch),
          explain(branch.child(), way.on(share > 0)));
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
      int cell = rrset.steering.cell(clientClass, node.dimension);
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
                    + figures.farther(
                        p.sites().get(branch.position()), p.sites().get(first.position()));
            case Latency p ->
                id
                    + figures.slower(
                        p.sites().get(branch.position()), p.sites().get(first.position()));
            case Geolocation _, IpBased _ ->
                selector(first.position()) + ", which is more specific";
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
        case Geolocation p -> p.regions().get(position).key().matches(place);
        case IpBased p -> {
          IpBased.Network network = p.networks().get(position);
          yield network.isDefault() || IpBased.longestBlock(network, client) >= 0;
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
        case Geoproximity p -> figures.proximity(p.sites().get(position)) + planned(p, position);
        case Latency p -> figures.latency(p.sites().get(position)) + planned(p, position);
        default -> ClientFigures.selector(policy, position);
      };
    }
  }
}
