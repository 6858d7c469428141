package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A name and type that policies answer for, compiled. Immutable.
 *
 * <pre>
 * address  -> class      Steering: one look-up; its prefix length is the ECS scope
 * class    -> decision   Decisions: made anew when health changes
 * decision -> leaves     PolicyEngine: dice, if any
 * leaf     -> records    encoded, ready to be copied
 * </pre>
 */
public final class RoutedRRset {
  private final int type;
  final PlanNode root;
  final Leaves leaves;
  final Steering steering;
  private final BitSet checks = new BitSet();

  RoutedRRset(int type, PlanNode root, Leaves leaves, Steering steering) {
    this.type = type;
    this.root = root;
    this.leaves = leaves;
    this.steering = steering;
    collectChecks(root);
  }

  private void collectChecks(PlanNode node) {
    if (node.healthCheck >= 0) {
      checks.set(node.healthCheck);
    }
    for (PlanNode.Branch branch : node.branches) {
      if (branch.candidate().healthCheck() >= 0) {
        checks.set(branch.candidate().healthCheck());
      }
      collectChecks(branch.child());
    }
  }

  /** The RR type of all its answers. */
  public int type() {
    return type;
  }

  /** Whether one of these health checks has a say in the answer. */
  public boolean dependsOnAny(BitSet healthChecks) {
    return checks.intersects(healthChecks);
  }

  /** Whether different clients may be answered differently, dice aside. */
  public boolean isClientDependent() {
    return root.clientDependent;
  }

  /** How many classes of clients it tells apart. */
  public int clientClasses() {
    return steering.classCount();
  }

  /** What to answer while health is as given. Pure; the work is linear in classes and nodes. */
  public Decisions decide(EligibilitySnapshot eligibility) {
    Decider decider = new Decider(this, eligibility);
    Decision[] byClass = new Decision[steering.classCount()];
    Arrays.setAll(byClass, i -> decider.decide(root, i).decision());
    return new Decisions(byClass);
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
    for (int position : steering.order(clientClass, node.dimension)) {
      PlanNode.Branch branch = node.branchAt(position);
      if (branch != null) {
        candidates.add(branch);
      }
    }
    return candidates;
  }

  /** The octets that {@link #recordsAt} points into, in the form of {@code EncodedRRset}. */
  public byte[] records() {
    return leaves.records;
  }

  /** Where the records of a leaf begin; they end where those of the next number begin. */
  public int recordsAt(int leaf) {
    return leaves.recordsAt[leaf];
  }

  /** The TTL of a leaf's records in seconds. */
  public int ttl(int leaf) {
    return leaves.ttl(leaf);
  }

  /** What an operator calls a leaf: endpoint id, SetIdentifier, or alias target. */
  public String leafId(int leaf) {
    return leaves.ids.get(leaf);
  }

  /** How many leaves there are; they are numbered from 0. */
  public int leafCount() {
    return leaves.count();
  }
}
