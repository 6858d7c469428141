package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.PrefixPartition;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A name and type that policies answer for, compiled. Immutable.
 *
 * <pre>
 * address  -> class      Steering: one look-up; its prefix length is the ECS scope
 * health   -> decision   Decisions: made anew when health changes, for all classes at once
 * decision -> leaves     PolicyEngine: the order of the class, and dice, if any
 * leaf     -> records    encoded, ready to be copied
 * </pre>
 */
public final class RoutedRRset {
  private final DomainName owner;
  private final int type;
  final PlanNode root;
  final Leaves leaves;
  final Steering steering;

  /** Ascending; not bits, for a name has few of the many numbers that there are. */
  private final int[] checks;

  private final LeafTtls ttls;

  RoutedRRset(DomainName owner, int type, PlanNode root, Leaves leaves, Steering steering) {
    this.owner = owner;
    this.type = type;
    this.root = root;
    this.leaves = leaves;
    this.steering = steering;
    this.ttls = new LeafTtls(root, leaves);
    IntStream.Builder found = IntStream.builder();
    collectChecks(root, found);
    this.checks = found.build().sorted().distinct().toArray();
  }

  private RoutedRRset(DomainName owner, RoutedRRset alike) {
    this.owner = owner;
    this.type = alike.type;
    this.root = alike.root;
    this.leaves = alike.leaves;
    this.steering = alike.steering;
    this.ttls = alike.ttls;
    this.checks = alike.checks;
  }

  /** The same for another name; what is compiled is shared. */
  RoutedRRset forOwner(DomainName other) {
    return new RoutedRRset(other, this);
  }

  /**
   * Equal for RRsets that answer alike in all but their owner, as long as none of them remembers.
   */
  public Object plan() {
    return root;
  }

  private static void collectChecks(PlanNode node, IntStream.Builder found) {
    if (node.healthCheck >= 0) {
      found.add(node.healthCheck);
    }
    for (PlanNode.Branch branch : node.branches) {
      if (branch.candidate().healthCheck() >= 0) {
        found.add(branch.candidate().healthCheck());
      }
      collectChecks(branch.child(), found);
    }
  }

  /** The name that policies answer for. */
  public DomainName owner() {
    return owner;
  }

  /** The RR type of all its answers. */
  public int type() {
    return type;
  }

  /** The numbers of the health checks that have a say in the answer. */
  public BitSet checks() {
    BitSet bits = new BitSet();
    for (int check : checks) {
      bits.set(check);
    }
    return bits;
  }

  /** How many health checks have a say in the answer. */
  public int checkCount() {
    return checks.length;
  }

  /** The number of one of them, in ascending order. */
  public int check(int i) {
    return checks[i];
  }

  /** Whether one of these health checks has a say in the answer. */
  public boolean dependsOnAny(BitSet healthChecks) {
    for (int check : checks) {
      if (healthChecks.get(check)) {
        return true;
      }
    }
    return false;
  }

  /** Whether different clients may be answered differently, dice aside. */
  public boolean isClientDependent() {
    return root.clientDependent;
  }

  /** How many classes of clients it tells apart. */
  public int clientClasses() {
    return steering.classCount();
  }

  /** The names elsewhere whose addresses it answers with. */
  public Set<DomainName> externalNames() {
    return Set.copyOf(leaves.external.values());
  }

  /** Whether one of these names elsewhere has a say in the answer. */
  public boolean dependsOnAny(Set<DomainName> names) {
    return leaves.external.values().stream().anyMatch(names::contains);
  }

  /** As below, while nothing is known of names elsewhere. */
  public Decisions decide(EligibilitySnapshot eligibility) {
    return decide(eligibility, ResolvedNames.EMPTY);
  }

  /**
   * What to answer while things are as given, nothing being known of earlier. Pure; the work is
   * linear in nodes, and in classes only where health differs among them, see {@link
   * OverallDecider}.
   */
  public Decisions decide(EligibilitySnapshot eligibility, ResolvedNames resolved) {
    return decide(eligibility, resolved, Map.of());
  }

  /**
   * What to answer after health, or a name elsewhere, has changed.
   *
   * @param before what this RRset answered until now
   */
  public Decisions decide(
      EligibilitySnapshot eligibility, ResolvedNames resolved, Decisions before) {
    return decide(eligibility, resolved, before.lastGood);
  }

  private Decisions decide(
      EligibilitySnapshot eligibility, ResolvedNames resolved, Map<String, Decision> before) {
    Decider decider = new Decider(this, eligibility, resolved, before);
    OverallDecider overall = new OverallDecider(steering, decider);
    Decision decision = overall.decide(root);
    overall.remember(root);
    Leaves now = leaves.with(resolved, type);
    return new Decisions(
        decision, steering, decider.lastGood(), ttls.in(eligibility, now), ttls.withheld(), now);
  }

  /** Whether its TTLs depend on how soon checks could be down. */
  public boolean followsHealth() {
    return ttls.followsHealth();
  }

  /** Whether what it answers may depend on what it answered before. */
  public boolean remembers() {
    return root.remembers;
  }

  /**
   * What to answer after a reload: groups that are the same know what they last answered.
   *
   * @param other of the same owner and type, from before
   */
  public Decisions decide(
      EligibilitySnapshot eligibility,
      ResolvedNames resolved,
      RoutedRRset other,
      Decisions before) {
    Map<String, Integer> leafOf = new HashMap<>();
    for (int i = leafCount() - 1; i >= 0; i--) {
      leafOf.put(leafId(i), i);
    }
    Map<String, Decision> known = new HashMap<>();
    before.lastGood.forEach(
        (group, decision) -> {
          if (decision.leaves().allMatch(leaf -> leafOf.containsKey(other.leafId(leaf)))) {
            known.put(group, decision.renumbered(leaf -> leafOf.get(other.leafId(leaf))));
          }
        });
    return decide(eligibility, resolved, known);
  }

  /** The class of every address; prefixes that are shorter may be in others. */
  public PrefixPartition classes() {
    return steering.classes();
  }

  /** The class of a client, 0 to {@link #clientClasses} - 1. */
  public int clientClass(ClientAddress client) {
    return PrefixPartition.value(steering.find(client));
  }

  /** How likely a class is answered what, as long as these decisions hold. */
  public Chances chances(Decisions decisions, int clientClass) {
    return new Chances(decisions.of(clientClass), decisions.ttls);
  }

  /** The class of a client and the scope of what it gets, see {@link Steering#find}. */
  long find(ClientAddress client) {
    return steering.find(client);
  }

  /** The branches that apply to a class of clients, the preferred first. */
  List<PlanNode.Branch> candidates(PlanNode node, int clientClass) {
    if (node.dimension < 0) {
      return node.branches;
    }
    List<PlanNode.Branch> candidates = new ArrayList<>();
    for (int position : steering.order(clientClass, node.dimension).positions) {
      PlanNode.Branch branch = node.branchAt(position);
      if (branch != null) {
        candidates.add(branch);
      }
    }
    return candidates;
  }

  /** Those of the pool that share clients with the first of it: itself alone, without a band. */
  List<PlanNode.Branch> sharing(PlanNode node, int clientClass, List<PlanNode.Branch> pool) {
    Order order = steering.order(clientClass, node.dimension);
    int end = order.reachOf(pool.getFirst().position());
    return pool.stream().filter(branch -> order.indexOf(branch.position()) < end).toList();
  }

  /** What an operator calls a leaf: endpoint id, SetIdentifier, or alias target. */
  public String leafId(int leaf) {
    return leaves.ids.get(leaf);
  }

  /**
   * The octets that {@link #recordsAt} points into, as the files have them: leaves that answer with
   * names elsewhere have none. What is answered is in {@link Decisions#records}.
   */
  public byte[] records() {
    return leaves.records;
  }

  /** Where the records of a leaf begin; they end where those of the next number begin. */
  public int recordsAt(int leaf) {
    return leaves.recordsAt[leaf];
  }

  /** How many leaves there are; they are numbered from 0. */
  public int leafCount() {
    return leaves.count();
  }
}
