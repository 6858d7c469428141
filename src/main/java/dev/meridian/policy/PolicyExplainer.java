package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Location;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.policy.Explained.Standing;
import dev.meridian.rr.ResolvedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says why, from what serves: class, order of candidates and health come from the compiled {@link
 * RoutedRRset} and its {@link Decider}, so an explanation cannot differ from the answer. Only the
 * figures beside a candidate (kilometres, milliseconds) are worked out again for the reader.
 */
public final class PolicyExplainer {
  private final RoutedRRset rrset;
  private final ClientSpace space;
  private final Decider decider;
  private final Map<String, Decision> lastGood;
  private final int clientClass;
  private final ClientAddress address;
  private final Prefix client;
  private final Location place;
  private final int latencyRow;

  /** An explainer for one client at one moment. */
  public PolicyExplainer(
      RoutedRRset rrset,
      ClientSpace space,
      EligibilitySnapshot eligibility,
      ResolvedNames resolved,
      Decisions decisions,
      ClientAddress client) {
    this.rrset = rrset;
    this.space = space;
    this.decider = new Decider(rrset, eligibility, resolved, decisions.lastGood);
    this.lastGood = decisions.lastGood;
    this.address = client;
    this.clientClass = PrefixPartition.value(rrset.find(client));
    this.client = Prefix.of(client);
    this.place = space.geo().lookup(this.client).location();
    this.latencyRow = space.latencyRow(client);
  }

  /** The whole tree. */
  public Explained explain() {
    return explain(rrset.root);
  }

  private Explained explain(PlanNode node) {
    boolean healthy = decider.decide(node, clientClass).healthy();
    if (node.isLeaf()) {
      return new Explained(node.id, Explained.Kind.ENDPOINT, node.healthCheck, healthy, List.of());
    }
    if (node.policy == null) {
      PlanNode.Branch branch = node.branches.getFirst();
      Explained.Branch only =
          new Explained.Branch(
              node.id, "", -1, Standing.CHOSEN, 1, "alias", explain(branch.child()));
      return new Explained(node.id, Explained.Kind.ALIAS, -1, healthy, List.of(only));
    }
    List<Explained.Branch> branches =
        node.policy instanceof OnAllUnhealthy rule
            ? guarded(node, rule)
            : new Choice(node, node.policy).branches();
    return new Explained(node.id, Explained.Kind.POLICY, -1, healthy, branches);
  }

  /** A group with a rule, and what the rule puts in its place. */
  private List<Explained.Branch> guarded(PlanNode node, OnAllUnhealthy policy) {
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
            acts ? whenUnhealthy(node, policy) : "its own answer: " + whyNot(outcome, policy)));
    if (node.branches.size() > 1) {
      branches.add(
          branch(
              node.branches.getLast(),
              "instead",
              replaced ? Standing.CHOSEN : Standing.RESERVE,
              replaced
                  ? "in place of the group, whatever its health"
                  : "only if nothing in the group is healthy"));
    }
    return branches;
  }

  private static String whyNot(Decider.Outcome outcome, OnAllUnhealthy policy) {
    return outcome.empty()
        ? "nothing in it is for this client"
        : "something in it is healthy; else " + policy.rule().text();
  }

  private String whenUnhealthy(PlanNode node, OnAllUnhealthy policy) {
    String nothing = "nothing in it is healthy: ";
    return switch (policy.rule()) {
      case NODATA -> nothing + "NODATA";
      case SERVFAIL -> nothing + "SERVFAIL";
      case INSTEAD ->
          nothing
              + (node.branches.size() > 1
                  ? "the other answer"
                  : "NODATA, as the other answer has no records of this type");
      case LAST_GOOD -> {
        Decision known = lastGood.get(decider.memoryKey(node, clientClass));
        yield nothing
            + (known == null
                ? "what it last answered is not known, so all count as healthy (fail-open)"
                : "as when something last was, " + leaves(known));
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
      PlanNode.Branch branch, String selector, Standing standing, String reason) {
    return new Explained.Branch(
        branch.candidate().id(),
        selector,
        branch.candidate().healthCheck(),
        standing,
        standing == Standing.CHOSEN ? 1 : 0,
        reason,
        explain(branch.child()));
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
    private final @Nullable PoolShares shares;

    Choice(PlanNode node, RoutingPolicy policy) {
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
      if (shares == null) {
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
          explain(branch.child()));
    }

    private String portion(PlanNode.Branch branch) {
      String portion = decider.portion(branch);
      return portion.isEmpty() ? "" : "; " + portion;
    }

    private Standing standing(PlanNode.Branch branch, double share) {
      if (share > 0) {
        return share == 1 ? Standing.CHOSEN : Standing.DRAWN;
      }
      return pool.contains(branch) ? Standing.RESERVE : Standing.UNHEALTHY;
    }

    private String reason(PlanNode.Branch branch, Standing standing) {
      return switch (standing) {
        case CHOSEN, DRAWN ->
            failOpen
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
            case Geoproximity p -> {
              double more =
                  Geoproximity.biasedDistance(p.sites().get(branch.position()), place)
                      - Geoproximity.biasedDistance(p.sites().get(first.position()), place);
              yield id + (place.coordinates() == null ? "" : ": farther by " + kilometres(more));
            }
            case Latency p ->
                id + slower(p.sites().get(branch.position()), p.sites().get(first.position()));
            case Geolocation _, IpBased _ ->
                selector(first.position()) + ", which is more specific";
            default -> id;
          };
    }

    private String slower(Latency.Site site, Latency.Site best) {
      double more = milliseconds(site) - milliseconds(best);
      return more > 0 && more < 1e5 ? String.format(Locale.ROOT, ": slower by %.0f ms", more) : "";
    }

    private String unhealthy(PlanNode.Branch branch) {
      if (!decider.isOwnCheckUp(branch)) {
        return "unhealthy: its own check is down";
      }
      return branch.child().isLeaf() ? "unhealthy" : "unhealthy: nothing inside is healthy";
    }

    private boolean isZeroWeight(PlanNode.Branch branch) {
      return policy instanceof Weighted weighted && weight(weighted, branch.position()) == 0;
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
        case Geoproximity p -> proximity(p.sites().get(position)) + planned(p, position);
        case Latency p -> latency(p.sites().get(position)) + planned(p, position);
        default -> PolicyExplainer.selector(policy, position);
      };
    }
  }

  /** What a policy goes by at a candidate, as far as it is the same for every client. */
  static String selector(RoutingPolicy policy, int position) {
    return switch (policy) {
      case Simple _, MultivalueAnswer _, Geoproximity _, Latency _, OnAllUnhealthy _ -> "";
      case Weighted p -> "weight " + weight(p, position);
      case Failover _ -> position == 0 ? "primary" : "secondary " + position;
      case Geolocation p -> p.regions().get(position).key().toString();
      case IpBased p -> {
        IpBased.Network network = p.networks().get(position);
        yield network.isDefault()
            ? "default"
            : network.blocks().stream().map(Prefix::toString).collect(Collectors.joining(" "));
      }
    };
  }

  private static long weight(Weighted policy, int position) {
    return policy.shares().get(position).weight();
  }

  private String proximity(Geoproximity.Site site) {
    double biased = Geoproximity.biasedDistance(site, place);
    Coordinates client = place.coordinates();
    if (client == null) {
      return String.format(Locale.ROOT, "place unknown, factor %.2f", biased);
    }
    String distance = kilometres(site.coordinates().distanceKm(client));
    return site.bias() == 0
        ? distance
        : String.format(
            Locale.ROOT, "%s, bias %+d: as %s", distance, site.bias(), kilometres(biased));
  }

  private static String kilometres(double distance) {
    return String.format(Locale.ROOT, "%.0f km", distance);
  }

  private double milliseconds(Latency.Site site) {
    return Latency.milliseconds(site, place, space.latency(), latencyRow);
  }

  private String latency(Latency.Site site) {
    double measured = latencyRow == 0 ? Double.NaN : space.latency().ms(latencyRow, site.region());
    if (!Double.isNaN(measured)) {
      return String.format(Locale.ROOT, "%s %.0f ms", site.region(), measured);
    }
    Coordinates from = place.coordinates();
    Coordinates to = site.coordinates();
    if (from == null || to == null) {
      return site.region() + ", nothing known";
    }
    return site.region() + ", " + kilometres(from.distanceKm(to));
  }
}
