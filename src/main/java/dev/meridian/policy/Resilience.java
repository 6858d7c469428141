package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.rr.ResolvedNames;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What is left of a routed RRset when something fails, for the class of clients that is off worst.
 * Off the query path; the work is linear in checks, classes and nodes.
 */
public final class Resilience {
  /** Beyond this many decisions nothing is worked out, and nothing reported. */
  private static final long MAX_WORK = 20_000_000;

  private final RoutedRRset rrset;

  /** For one RRset. */
  public Resilience(RoutedRRset rrset) {
    this.rrset = rrset;
  }

  /** The classes that have something healthy in this state of health. */
  public BitSet served(EligibilitySnapshot eligibility) {
    Decider decider = new Decider(rrset, eligibility, ResolvedNames.EMPTY, Map.of());
    BitSet served = new BitSet();
    for (int i = 0; i < rrset.clientClasses(); i++) {
      served.set(i, decider.decide(rrset.root, i).healthy());
    }
    return served;
  }

  /**
   * The checks of which each alone, when it fails, leaves some clients with nothing healthy who had
   * something; with the classes of these clients.
   */
  public Map<Integer, BitSet> singlePoints() {
    Map<Integer, BitSet> points = new HashMap<>();
    BitSet checks = rrset.checks();
    if ((long) checks.cardinality() * rrset.clientClasses() * rrset.leafCount() > MAX_WORK) {
      return points;
    }
    BitSet before = served(EligibilitySnapshot.ALL);
    checks.stream()
        .forEach(
            check -> {
              BitSet lost = (BitSet) before.clone();
              lost.andNot(served(EligibilitySnapshot.ALL.with(check, false)));
              if (!lost.isEmpty()) {
                points.put(check, lost);
              }
            });
    return points;
  }

  /** The classes that have something healthy, and nothing once all of these checks are down. */
  public BitSet lostWith(BitSet checks) {
    EligibilitySnapshot down = EligibilitySnapshot.ALL;
    for (int check = checks.nextSetBit(0); check >= 0; check = checks.nextSetBit(check + 1)) {
      down = down.with(check, false);
    }
    BitSet lost = served(EligibilitySnapshot.ALL);
    lost.andNot(served(down));
    return lost;
  }

  /** The leaves that a class can be answered with in some state of health. */
  public BitSet reach(int clientClass) {
    BitSet leaves = new BitSet();
    reach(rrset.root, clientClass, leaves);
    return leaves;
  }

  private void reach(PlanNode node, int clientClass, BitSet leaves) {
    if (node.isLeaf()) {
      leaves.set(node.leaf);
      return;
    }
    boolean ordered = !(node.policy instanceof Weighted || node.policy instanceof MultivalueAnswer);
    for (PlanNode.Branch branch : rrset.candidates(node, clientClass)) {
      reach(branch.child(), clientClass, leaves);
      if (ordered && branch.isAlwaysHealthy()) {
        return; // nothing behind it is ever answered
      }
    }
  }
}
