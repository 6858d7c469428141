package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.Weight;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies a state of health to a tree for one class of clients at a time; {@link OverallDecider}
 * does it for all of them at once. The core of Route 53's rules, the same for every policy:
 *
 * <pre>
 * candidates = those that apply to the client, in the policy's order
 * healthy(c) = c's own check is up, and, if c evaluates its target, something inside is healthy
 * pool       = the healthy candidates; if there are none, all of them (fail-open)
 * answer     = the policy's choice in the pool; no candidates: no answer, or a failure if some
 *              were left out because they lead to names of which nothing is known
 *
 * a name elsewhere is healthy while it has an address, of either family
 * </pre>
 *
 * Where fail-open is not wanted, see {@link OnAllUnhealthy}.
 */
final class Decider {
  /**
   * What comes out for a node.
   *
   * @param decision what to do
   * @param healthy whether something inside is healthy
   * @param empty whether nothing inside applies to the client
   * @param percent of what it would take, see {@link Portions}
   */
  record Outcome(Decision decision, boolean healthy, boolean empty, int percent) {
    Outcome(Decision decision, boolean healthy, boolean empty) {
      this(decision, healthy, empty, Weight.FULL);
    }
  }

  private final RoutedRRset rrset;
  private final EligibilitySnapshot eligibility;
  private final ResolvedNames resolved;
  private final Portions portions;

  /** Parts that are the same for every class. */
  private final IdentityHashMap<PlanNode, Outcome> shared = new IdentityHashMap<>();

  /** Parts of the class that is being decided. */
  private final IdentityHashMap<PlanNode, Outcome> ofClass = new IdentityHashMap<>();

  /** See {@link Decisions#lastGood}: as it was before, and as it is now. */
  private final Map<String, Decision> before;

  private final Map<String, Decision> lastGood;

  /** See {@link #plan}. */
  private final IdentityHashMap<PlanNode, int[]> plans = new IdentityHashMap<>();

  private int currentClass = -1;

  /**
   * A decider for one state of health, and of names elsewhere.
   *
   * @param before the memory of the state before
   */
  Decider(
      RoutedRRset rrset,
      EligibilitySnapshot eligibility,
      ResolvedNames resolved,
      Map<String, Decision> before) {
    this.rrset = rrset;
    this.eligibility = eligibility;
    this.resolved = resolved;
    this.portions = new Portions(eligibility);
    this.before = before;
    this.lastGood = new HashMap<>();
  }

  /** The memory for the state after. */
  Map<String, Decision> lastGood() {
    return lastGood;
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

  /** Decides all that has a memory, answered from at the moment or not. */
  void remember(PlanNode node, int clientClass) {
    if (node.remembers) {
      decide(node, clientClass);
      for (PlanNode.Branch branch : rrset.candidates(node, clientClass)) {
        remember(branch.child(), clientClass);
      }
    }
  }

  private Outcome work(PlanNode node, int clientClass) {
    DomainName elsewhere = rrset.leaves.external.get(node.leaf);
    if (elsewhere != null) {
      return external(node, resolved.find(elsewhere));
    }
    if (node.isLeaf()) {
      return new Outcome(
          Decision.leaf(node.leaf),
          eligibility.isEligible(node.healthCheck),
          false,
          portions.ofCheck(node.healthCheck));
    }
    if (node.isAlias() && !node.branches.isEmpty()) {
      return decide(node.branches.getFirst().child(), clientClass);
    }
    if (node.policy instanceof OnAllUnhealthy policy) {
      return guarded(node, policy, clientClass);
    }
    if (node.spills()) {
      Outcome spilled = spilled(node, clientClass);
      if (spilled != null) {
        return spilled;
      }
    }
    if (node.dimension >= 0 && !node.choosesAmongMany() && !node.external) {
      PlanNode.Branch first = firstHealthy(node, clientClass);
      if (first != null && percent(first, clientClass) == Weight.FULL) {
        return new Outcome(decide(first.child(), clientClass).decision(), true, false);
      }
    }
    List<PlanNode.Branch> applicable = rrset.candidates(node, clientClass);
    List<PlanNode.Branch> candidates = known(node, applicable, clientClass);
    if (candidates.isEmpty()) {
      boolean leftOut = node.incomplete || !applicable.isEmpty();
      return new Outcome(leftOut ? Decision.ELSEWHERE : Decision.NO_ANSWER, false, true);
    }
    List<PlanNode.Branch> healthy = new ArrayList<>();
    for (PlanNode.Branch candidate : candidates) {
      if (isHealthy(candidate, clientClass)) {
        healthy.add(candidate);
      }
    }
    List<PlanNode.Branch> pool = healthy.isEmpty() ? candidates : healthy;
    Decision decision = choice(clientClass).among(node, inReach(node, pool, clientClass));
    return new Outcome(decision, !healthy.isEmpty(), false, percent(pool, clientClass));
  }

  /** What the plan has for the client's cell; null if it is in none. */
  private @Nullable Outcome spilled(PlanNode node, int clientClass) {
    int cell = rrset.steering.cell(clientClass, node.dimension);
    if (cell < 0) {
      return null;
    }
    PlanNode.Branch branch = node.branchAt(plan(node)[cell]);
    if (branch == null) {
      return null;
    }
    List<PlanNode.Branch> healthy = node.branches.stream().filter(this::isKnownHealthy).toList();
    return new Outcome(
        decide(branch.child(), clientClass).decision(),
        isHealthy(branch, clientClass),
        false,
        percent(healthy.isEmpty() ? node.branches : healthy, clientClass));
  }

  /**
   * The position that takes each cell of a policy that spills; its candidates are as healthy for
   * one client as for another.
   */
  int[] plan(PlanNode node) {
    int[] known = plans.get(node);
    if (known == null) {
      NearestFirst policy = (NearestFirst) java.util.Objects.requireNonNull(node.policy);
      boolean[] healthy = new boolean[policy.candidates().size()];
      int[] percents = new int[healthy.length];
      for (PlanNode.Branch branch : node.branches) {
        healthy[branch.position()] = isKnownHealthy(branch);
        percents[branch.position()] = percent(branch, currentClass);
      }
      Cells cells = java.util.Objects.requireNonNull(rrset.steering.cells(node.dimension));
      known = cells.plan(healthy, percents);
      plans.put(node, known);
    }
    return known;
  }

  /** The quick way for the many classes of policies that rank: no list is made. */
  private PlanNode.@Nullable Branch firstHealthy(PlanNode node, int clientClass) {
    for (int position : rrset.steering.order(clientClass, node.dimension).positions) {
      PlanNode.Branch branch = node.branchAt(position);
      if (branch != null && isHealthy(branch, clientClass)) {
        return branch;
      }
    }
    return null;
  }

  /** A branch of which nothing is known takes no clients, whether its health matters or not. */
  private boolean isKnownHealthy(PlanNode.Branch branch) {
    boolean unknown =
        branch.child().external
            && decide(branch.child(), currentClass).decision() == Decision.ELSEWHERE;
    return !unknown && isHealthy(branch, currentClass);
  }

  private Outcome external(PlanNode leaf, ResolvedName name) {
    RRset records = name.records(rrset.type());
    Decision decision =
        records == null
            ? Decision.ELSEWHERE
            : records.size() == 0 ? Decision.NO_ANSWER : Decision.leaf(leaf.leaf);
    return new Outcome(decision, name.hasAddress(), records == null);
  }

  /** A name elsewhere may have lost the addresses that it was last good with. */
  private boolean hasRecords(int leaf) {
    DomainName elsewhere = rrset.leaves.external.get(leaf);
    RRset records = elsewhere == null ? null : resolved.find(elsewhere).records(rrset.type());
    return elsewhere == null || (records != null && records.size() > 0);
  }

  /** Without those of which nothing is known: others answer in their place. */
  List<PlanNode.Branch> known(PlanNode node, List<PlanNode.Branch> candidates, int clientClass) {
    return node.external
        ? candidates.stream()
            .filter(branch -> decide(branch.child(), clientClass).decision() != Decision.ELSEWHERE)
            .toList()
        : candidates;
  }

  boolean isHealthy(PlanNode.Branch branch, int clientClass) {
    Candidate candidate = branch.candidate();
    return isOwnCheckUp(branch)
        && (!candidate.evaluateTargetHealth() || decide(branch.child(), clientClass).healthy());
  }

  private Outcome guarded(PlanNode node, OnAllUnhealthy policy, int clientClass) {
    Outcome group = decide(node.branches.getFirst().child(), clientClass);
    if (group.healthy() && node.isLastGood()) {
      lastGood.put(memoryKey(node, clientClass), group.decision());
    }
    return group.healthy() || group.empty()
        ? group
        : new Outcome(whenUnhealthy(node, policy, clientClass, group.decision()), false, false);
  }

  private Decision whenUnhealthy(
      PlanNode node, OnAllUnhealthy policy, int clientClass, Decision failOpen) {
    return switch (policy.rule()) {
      case NODATA -> Decision.WITHHELD;
      case SERVFAIL -> Decision.UNHEALTHY;
      case LAST_GOOD -> {
        String key = memoryKey(node, clientClass);
        Decision known = before.get(key);
        if (known != null) {
          lastGood.put(key, known);
        }
        boolean usable = known != null && known.leaves().allMatch(this::hasRecords);
        yield known != null && usable ? known : failOpen;
      }
      case INSTEAD ->
          node.branches.size() == 1
              ? Decision.WITHHELD // the other answer has no records of the type
              : decide(node.branches.getLast().child(), clientClass).decision();
    };
  }

  /** The group as the client sees it: what is in it, in the order preferred, and whose cell. */
  String memoryKey(PlanNode guard, int clientClass) {
    StringBuilder text = new StringBuilder();
    describe(guard, clientClass, text);
    return text.toString();
  }

  private void describe(PlanNode node, int clientClass, StringBuilder text) {
    text.append(node.id.length()).append(':').append(node.id);
    if (node.spills()) {
      text.append('@').append(rrset.steering.cell(clientClass, node.dimension));
    }
    if (!node.isLeaf()) {
      text.append('(');
      for (PlanNode.Branch branch : rrset.candidates(node, clientClass)) {
        String id = branch.candidate().id();
        text.append(id.length()).append(':').append(id).append('=');
        describe(branch.child(), clientClass, text);
      }
      text.append(')');
    }
  }

  boolean isOwnCheckUp(PlanNode.Branch branch) {
    return eligibility.isEligible(branch.candidate().healthCheck());
  }

  /** How one class of clients is shared out. */
  Choosing choice(int clientClass) {
    return new Choosing(
        portions,
        branch -> percent(branch, clientClass),
        child -> decide(child, clientClass).decision());
  }

  /** Those of a pool that share clients, if only some of them do. */
  List<PlanNode.Branch> inReach(PlanNode node, List<PlanNode.Branch> pool, int clientClass) {
    return node.policy instanceof NearestFirst policy && policy.band() != null
        ? rrset.sharing(node, clientClass, pool)
        : pool;
  }

  /** The choice of a policy whose branches all take what it says, whoever the client is. */
  Choosing wholeChoice(Function<PlanNode, Decision> decisions) {
    return new Choosing(portions, _ -> Weight.FULL, decisions);
  }

  /** Whether all that is here or below takes what policies say. */
  boolean isWhole(PlanNode node) {
    return portions.areWhole()
        || (portions.isWhole(node.healthCheck)
            && node.branches.stream()
                .allMatch(
                    branch ->
                        portions.isWhole(branch.candidate().healthCheck())
                            && isWhole(branch.child())));
  }

  private int percent(PlanNode.Branch branch, int clientClass) {
    return portions.areWhole()
        ? Weight.FULL
        : portions.of(branch, decide(branch.child(), clientClass).percent());
  }

  /** What a group takes by what is in it. */
  private int percent(List<PlanNode.Branch> pool, int clientClass) {
    return portions.areWhole()
        ? Weight.FULL
        : Portions.most(pool.stream().mapToInt(each -> percent(each, clientClass)).toArray());
  }

  /** See {@link Portions#text}. */
  String portion(PlanNode.Branch branch) {
    return portions.text(branch);
  }
}
