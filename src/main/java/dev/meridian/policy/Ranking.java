package dev.meridian.policy;

import dev.meridian.net.ClientAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of one policy that ranks them by client, in one state of health. What is the same
 * for all clients is decided here, once; what a class is answered is a walk along its order, which
 * is the same for all names of one shape and in all states of health. So a name costs what its
 * candidates cost, however many classes there are. Immutable.
 */
final class Ranking {
  static final Ranking EMPTY =
      new Ranking(-1, new Decision[0], new boolean[0], new boolean[0], false, null, null);

  private final int dimension;

  /** By position; null where the candidate has no records of the type. */
  private final @Nullable Decision[] branches;

  /** By position: not left out because nothing is known of its name elsewhere. */
  private final boolean[] known;

  /** By position; only of those that are known. */
  private final boolean[] healthy;

  /** Whether candidates were left out when the tree was compiled, for they lead elsewhere. */
  private final boolean incomplete;

  /** By cell: the position that takes it; null if the policy does not spill. */
  private final int @Nullable [] plan;

  private final @Nullable Shares shares;

  /**
   * How candidates share clients.
   *
   * @param weights by position
   * @param keys what clients hash against, by position; empty: dice decide
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Shares(long[] weights, long[] keys, Sticky sticky) {}

  /** Keeps what it is given. */
  Ranking(
      int dimension,
      @Nullable Decision[] branches,
      boolean[] known,
      boolean[] healthy,
      boolean incomplete,
      int @Nullable [] plan,
      @Nullable Shares shares) {
    this.dimension = dimension;
    this.branches = branches;
    this.known = known;
    this.healthy = healthy;
    this.incomplete = incomplete;
    this.plan = plan;
    this.shares = shares;
  }

  boolean isShared() {
    return shares != null;
  }

  /** The branch for a class: that of its cell, else the first healthy one, else the first. */
  Decision chosen(Steering steering, int clientClass) {
    if (plan != null) {
      int cell = steering.cell(clientClass, dimension);
      Decision planned = cell < 0 ? null : branches[plan[cell]];
      if (planned != null) {
        return planned;
      }
    }
    Order order = steering.order(clientClass, dimension);
    int first = first(order);
    return first < 0 ? nothing(order) : branch(order, first);
  }

  /**
   * Where the pool begins: at the first healthy candidate, else at the first; -1 if it is empty.
   */
  private int first(Order order) {
    int[] positions = order.positions;
    for (int i = 0; i < positions.length; i++) {
      if (healthy[positions[i]]) {
        return i;
      }
    }
    for (int i = 0; i < positions.length; i++) {
      if (known[positions[i]]) {
        return i;
      }
    }
    return -1;
  }

  private Decision nothing(Order order) {
    return incomplete || order.positions.length > 0 ? Decision.ELSEWHERE : Decision.NO_ANSWER;
  }

  private Decision branch(Order order, int index) {
    Decision branch = branches[order.positions[index]];
    return branch == null ? Decision.NO_ANSWER : branch;
  }

  /** The branch for one query of those that share its class's clients. */
  Decision drawn(Steering steering, ClientAddress client, Dice dice, Selection selection) {
    Order order = steering.order(selection.clientClass(), dimension);
    int first = first(order);
    Shares by = shares;
    if (first < 0 || by == null) {
      return nothing(order);
    }
    int end = order.reachAt(first);
    boolean[] pool = healthy[order.positions[first]] ? healthy : known;
    long total = 0;
    int sharing = 0;
    for (int i = first; i < end; i++) {
      if (pool[order.positions[i]]) {
        total += by.weights[order.positions[i]];
        sharing++;
      }
    }
    if (sharing == 1) {
      return branch(order, first);
    }
    return by.keys.length == 0
        ? branch(order, thrown(order, pool, first, by, dice.below(total)))
        : branch(
            order, own(order, pool, first, by, PolicyEngine.hash(by.sticky, client, selection)));
  }

  private static int thrown(Order order, boolean[] pool, int first, Shares by, long thrown) {
    int at = first;
    long left = thrown - by.weights[order.positions[at]];
    while (left >= 0) {
      at++;
      left -= pool[order.positions[at]] ? by.weights[order.positions[at]] : 0;
    }
    return at;
  }

  /** As {@link Decision#branchOf}. */
  private static int own(Order order, boolean[] pool, int first, Shares by, long client) {
    int best = first;
    long bestCost = Rendezvous.cost(Rendezvous.mix(by.keys[order.positions[first]], client));
    for (int i = first + 1; i < order.reachAt(first); i++) {
      int at = order.positions[i];
      if (pool[at]) {
        long cost = Rendezvous.cost(Rendezvous.mix(by.keys[at], client));
        long weight = by.weights[order.positions[best]];
        if (Rendezvous.isBetter(cost, by.weights[at], bestCost, weight)) {
          best = i;
          bestCost = cost;
        }
      }
    }
    return best;
  }

  /** What {@link #drawn} draws from; not for a query. */
  Decision shares(Steering steering, int clientClass) {
    Order order = steering.order(clientClass, dimension);
    int first = first(order);
    Shares by = shares;
    if (first < 0 || by == null) {
      return nothing(order);
    }
    boolean[] pool = healthy[order.positions[first]] ? healthy : known;
    int[] sharing =
        Arrays.stream(order.positions, first, order.reachAt(first))
            .filter(at -> pool[at])
            .toArray();
    Decision[] decisions = new Decision[sharing.length];
    Arrays.setAll(decisions, i -> branch(order, order.indexOf(sharing[i])));
    Decision decision =
        Decision.weighted(
            decisions, Arrays.stream(sharing).mapToLong(i -> by.weights[i]).toArray());
    return by.keys.length == 0
        ? decision
        : decision.stickingTo(
            Arrays.stream(sharing).mapToLong(i -> by.keys[i]).toArray(), by.sticky);
  }
}
