package dev.meridian.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies a state of health to a tree for all classes of clients at once, by the rules of {@link
 * Decider}, whenever health changes. The work is linear in nodes:
 *
 * <pre>
 * the client does not matter below    decided
 * candidates ranked by client         decided each; a query walks the order of its class
 * other choices among such candidates decided, if they are as healthy for one class as for another
 * else                                a table: decided for each class
 * </pre>
 *
 * So is what takes less than policies say, see {@link Portions}.
 *
 * <p>Health differs among classes where a chain of regions or blocks is down and others are not, or
 * where a group remembers what it answered each of them.
 */
final class OverallDecider {
  /**
   * What all classes have inside of a node; MIXED: not all the same, or it takes too long to say.
   */
  private enum Health {
    HEALTHY,
    UNHEALTHY,
    EMPTY,
    MIXED
  }

  private final Steering steering;
  private final Decider decider;
  private final IdentityHashMap<PlanNode, Decision> decisions = new IdentityHashMap<>();
  private final IdentityHashMap<PlanNode, Health> healths = new IdentityHashMap<>();

  /** For the state of health of {@code decider}. */
  OverallDecider(Steering steering, Decider decider) {
    this.steering = steering;
    this.decider = decider;
  }

  Decision decide(PlanNode node) {
    Decision known = decisions.get(node);
    if (known == null) {
      known = work(node);
      decisions.put(node, known);
    }
    return known;
  }

  /** Decides all that has a memory, answered from at the moment or not. */
  void remember(PlanNode node) {
    if (node.remembersByClass()) {
      for (int i = 0; i < steering.classCount(); i++) {
        decider.remember(node, i);
      }
    } else if (node.remembers) {
      rememberAlike(node);
    }
  }

  private void rememberAlike(PlanNode node) {
    if (!node.clientDependent) {
      decider.remember(node, 0);
    } else {
      node.branches.forEach(branch -> rememberAlike(branch.child()));
    }
  }

  private Decision work(PlanNode node) {
    if (!node.clientDependent) {
      return decider.decide(node, 0).decision();
    }
    if (!decider.isWhole(node)) {
      return table(node);
    }
    return switch (node.policy) {
      case null -> decide(node.branches.getFirst().child());
      case OnAllUnhealthy rule -> guarded(node, rule);
      case Geolocation _, NearestFirst _, IpBased _ ->
          isAlikeForAll(node) ? Decision.ranked(ranking(node)) : table(node);
      case Simple _, Weighted _, Failover _, MultivalueAnswer _ ->
          isAlikeForAll(node) ? choice(node) : table(node);
    };
  }

  /** Whether each branch is as healthy, and as well known, for one class as for another. */
  private boolean isAlikeForAll(PlanNode node) {
    for (PlanNode.Branch branch : node.branches) {
      boolean asked = branch.candidate().evaluateTargetHealth() && decider.isOwnCheckUp(branch);
      PlanNode child = branch.child();
      if (child.clientDependent && (child.external || (asked && health(child) == Health.MIXED))) {
        return false;
      }
    }
    return true;
  }

  private boolean isKnown(PlanNode.Branch branch) {
    return !branch.child().external || decide(branch.child()) != Decision.ELSEWHERE;
  }

  private boolean isHealthy(PlanNode.Branch branch) {
    return decider.isOwnCheckUp(branch)
        && (!branch.candidate().evaluateTargetHealth() || health(branch.child()) == Health.HEALTHY);
  }

  private Decision choice(PlanNode node) {
    List<PlanNode.Branch> known = node.branches.stream().filter(this::isKnown).toList();
    List<PlanNode.Branch> healthy = known.stream().filter(this::isHealthy).toList();
    return known.isEmpty()
        ? Decision.ELSEWHERE
        : decider.wholeChoice(this::decide).among(node, healthy.isEmpty() ? known : healthy);
  }

  private Ranking ranking(PlanNode node) {
    int size = node.branches.isEmpty() ? 0 : node.branches.getLast().position() + 1;
    @Nullable Decision[] branches = new Decision[size];
    boolean[] known = new boolean[size];
    boolean[] healthy = new boolean[size];
    for (PlanNode.Branch branch : node.branches) {
      int position = branch.position();
      branches[position] = decide(branch.child());
      known[position] = isKnown(branch);
      healthy[position] = known[position] && isHealthy(branch);
    }
    int[] plan = node.spills() ? decider.plan(node) : null;
    return new Ranking(
        node.dimension, branches, known, healthy, node.incomplete, plan, shares(node, size));
  }

  private static Ranking.@Nullable Shares shares(PlanNode node, int size) {
    if (!(node.policy instanceof NearestFirst policy) || policy.band() == null) {
      return null;
    }
    Sticky sticky = policy.band().sticky();
    long[] weights = new long[size];
    long[] keys = new long[sticky == null ? 0 : size];
    long[] ofBranches = node.keys(node.branches);
    for (int i = 0; i < ofBranches.length; i++) {
      int position = node.branches.get(i).position();
      weights[position] = policy.weight(position);
      if (sticky != null) {
        keys[position] = ofBranches[i];
      }
    }
    return new Ranking.Shares(weights, keys, sticky == null ? Sticky.DEFAULT : sticky);
  }

  private Decision guarded(PlanNode node, OnAllUnhealthy policy) {
    PlanNode group = node.branches.getFirst().child();
    Health health = health(group);
    if (health == Health.HEALTHY || health == Health.EMPTY) {
      return decide(group);
    }
    if (health == Health.MIXED) {
      return table(node);
    }
    return switch (policy.rule()) {
      case NODATA -> Decision.WITHHELD;
      case SERVFAIL -> Decision.UNHEALTHY;
      case LAST_GOOD -> table(node);
      case INSTEAD ->
          node.branches.size() == 1 ? Decision.WITHHELD : decide(node.branches.getLast().child());
    };
  }

  private Health health(PlanNode node) {
    Health known = healths.get(node);
    if (known == null) {
      known = healthOf(node);
      healths.put(node, known);
    }
    return known;
  }

  private Health healthOf(PlanNode node) {
    if (!node.clientDependent) {
      Decider.Outcome outcome = decider.decide(node, 0);
      return health(outcome.healthy(), !outcome.empty());
    }
    if (node.policy == null || node.policy instanceof OnAllUnhealthy) {
      return health(node.branches.getFirst().child());
    }
    if (!isAlikeForAll(node)) {
      return Health.MIXED;
    }
    boolean anyKnown = node.branches.stream().anyMatch(this::isKnown);
    boolean anyHealthy = node.branches.stream().anyMatch(b -> isKnown(b) && isHealthy(b));
    return switch (node.policy) {
      case Geolocation _, IpBased _ -> healthOfChains(node);
      case NearestFirst near when near.spills() && !anyKnown -> Health.MIXED;
      default -> health(anyHealthy, anyKnown);
    };
  }

  /** Each class has a chain of its own, and many have the same. */
  private Health healthOfChains(PlanNode node) {
    Health all = null;
    for (Order chain : steering.orders(node.dimension)) {
      List<PlanNode.Branch> known = new ArrayList<>();
      for (int position : chain.positions) {
        PlanNode.Branch branch = node.branchAt(position);
        if (branch != null && isKnown(branch)) {
          known.add(branch);
        }
      }
      Health one = health(known.stream().anyMatch(this::isHealthy), !known.isEmpty());
      if (all != null && all != one) {
        return Health.MIXED;
      }
      all = one;
    }
    return all == null ? Health.MIXED : all;
  }

  private static Health health(boolean healthy, boolean known) {
    return healthy ? Health.HEALTHY : known ? Health.UNHEALTHY : Health.EMPTY;
  }

  private Decision table(PlanNode node) {
    Decision[] byClass = new Decision[steering.classCount()];
    Arrays.setAll(
        byClass, i -> isReached(node, i) ? decider.decide(node, i).decision() : Decision.NO_ANSWER);
    return Decision.byClass(byClass);
  }

  /** Whether a class can get to a node that asks for the client, here or below. */
  private boolean isReached(PlanNode node, int clientClass) {
    return node.dimension >= 0
        ? steering.reaches(clientClass, node.dimension)
        : node.branches.stream()
            .map(PlanNode.Branch::child)
            .anyMatch(child -> child.clientDependent && isReached(child, clientClass));
  }
}
