package dev.meridian.policy;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What a routed RRset answers while health stays as it is: all that a query still has to do is look
 * at the order that the client's class has, throw dice, or hash the client. Immutable.
 */
final class Decision {
  private static final Decision[] NO_BRANCHES = {};
  private static final long[] NO_NUMBERS = {};

  /** No candidate applies to the client: NODATA. */
  static final Decision NO_ANSWER = empty(Kind.NO_ANSWER);

  /** Nothing is healthy, and the policy would rather say nothing: NODATA. */
  static final Decision WITHHELD = empty(Kind.WITHHELD);

  /** All candidates that apply lead to names of which nothing is known: SERVFAIL. */
  static final Decision ELSEWHERE = empty(Kind.ELSEWHERE);

  /** Nothing is healthy, and the policy would rather say so: SERVFAIL. */
  static final Decision UNHEALTHY = empty(Kind.UNHEALTHY);

  /** What is to be done. The first four answer with nothing; of several the last one counts. */
  enum Kind {
    NO_ANSWER,
    WITHHELD,
    ELSEWHERE,
    UNHEALTHY,
    /** Answer with leaf {@link #number}. */
    LEAF,
    /** Go on with one branch, in proportion to {@link #weights}. */
    WEIGHTED,
    /** Go on with {@link #number} branches, a random combination. */
    SOME,
    /** Go on with the branch that {@link #ranking} has for the client's class. */
    RANKED,
    /** Go on with one of the branches that {@link #ranking} has for the client's class. */
    SHARED,
    /** Go on with the branch of the client's class: one each. */
    BY_CLASS
  }

  /** Endpoints of a name are few, and the same few numbers are answered everywhere. */
  private static final Decision[] LEAVES =
      IntStream.range(0, 256).mapToObj(Decision::newLeaf).toArray(Decision[]::new);

  final Kind kind;

  /** LEAF: its number; SOME: how many. */
  final int number;

  final Decision[] branches;

  /** WEIGHTED: one a branch, positive. */
  final long[] weights;

  /** WEIGHTED: running sums of the weights, the total last. */
  final long[] cumulative;

  /** What clients hash against, one a branch; empty: dice decide. */
  final long[] keys;

  /** Bits of a client that are hashed; valid if there are keys. */
  final Sticky sticky;

  /** RANKED and SHARED: the branches; empty for others. */
  final Ranking ranking;

  /** Whether the client's class matters here or below. */
  private final boolean byClass;

  private Decision(
      Kind kind, int number, Decision[] branches, long[] weights, long[] keys, Sticky sticky) {
    this(kind, number, branches, weights, keys, sticky, Ranking.EMPTY);
  }

  private Decision(
      Kind kind,
      int number,
      Decision[] branches,
      long[] weights,
      long[] keys,
      Sticky sticky,
      Ranking ranking) {
    this.kind = kind;
    this.number = number;
    this.branches = branches;
    this.weights = weights;
    this.cumulative = runningSums(weights);
    this.keys = keys;
    this.sticky = sticky;
    this.ranking = ranking;
    this.byClass = kind.compareTo(Kind.SOME) > 0 || isAnyByClass(branches);
  }

  private static boolean isAnyByClass(Decision[] branches) {
    for (Decision branch : branches) {
      if (branch.byClass) {
        return true;
      }
    }
    return false;
  }

  private static long[] runningSums(long[] weights) {
    if (weights.length == 0) {
      return NO_NUMBERS;
    }
    long[] sums = weights.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }

  private static Decision empty(Kind kind) {
    return new Decision(kind, -1, NO_BRANCHES, NO_NUMBERS, NO_NUMBERS, Sticky.DEFAULT);
  }

  static Decision leaf(int leaf) {
    return leaf < LEAVES.length ? LEAVES[leaf] : newLeaf(leaf);
  }

  private static Decision newLeaf(int leaf) {
    return new Decision(Kind.LEAF, leaf, NO_BRANCHES, NO_NUMBERS, NO_NUMBERS, Sticky.DEFAULT);
  }

  /** Several branches at random; for a client's own, see {@link #stickingTo}. */
  static Decision some(Decision[] branches, int max) {
    int number = Math.min(max, branches.length);
    return branches.length == 1
        ? branches[0]
        : new Decision(Kind.SOME, number, branches, NO_NUMBERS, NO_NUMBERS, Sticky.DEFAULT);
  }

  /**
   * One branch at random; for a client's own, see {@link #stickingTo}.
   *
   * @param weights positive, one per branch
   */
  static Decision weighted(Decision[] branches, long[] weights) {
    return branches.length == 1
        ? branches[0]
        : new Decision(Kind.WEIGHTED, 0, branches, weights, NO_NUMBERS, Sticky.DEFAULT);
  }

  /** What the ranking has for the client's class. */
  static Decision ranked(Ranking ranking) {
    return new Decision(
        ranking.isShared() ? Kind.SHARED : Kind.RANKED,
        0,
        NO_BRANCHES,
        NO_NUMBERS,
        NO_NUMBERS,
        Sticky.DEFAULT,
        ranking);
  }

  /** One decision for each class. */
  static Decision byClass(Decision[] decisions) {
    return new Decision(Kind.BY_CLASS, 0, decisions, NO_NUMBERS, NO_NUMBERS, Sticky.DEFAULT);
  }

  /**
   * What is left of it for one class: a decision without orders. Allocates where choices among
   * several depend on the class; not for a query.
   */
  Decision of(Steering steering, int clientClass) {
    if (!byClass) {
      return this;
    }
    return switch (kind) {
      case BY_CLASS -> branches[clientClass].of(steering, clientClass);
      case RANKED -> ranking.chosen(steering, clientClass).of(steering, clientClass);
      case SHARED -> ranking.shares(steering, clientClass).of(steering, clientClass);
      default -> with(branch -> branch.of(steering, clientClass));
    };
  }

  private Decision with(UnaryOperator<Decision> change) {
    Decision[] changed = new Decision[branches.length];
    Arrays.setAll(changed, i -> change.apply(branches[i]));
    return new Decision(kind, number, changed, weights, keys, sticky);
  }

  /**
   * The same choice by the client's hash instead of dice, if there is anything to choose.
   *
   * @param keys one per branch
   */
  Decision stickingTo(long[] keys, Sticky sticky) {
    boolean chosen = branches.length > 1 && branches.length == keys.length;
    return chosen && number < branches.length
        ? new Decision(kind, number, branches, weights, keys, sticky)
        : this;
  }

  /**
   * The numbers of all leaves that can be answered, some of them several times; of a decision for
   * one class.
   */
  IntStream leaves() {
    return kind == Kind.LEAF
        ? IntStream.of(number)
        : Arrays.stream(branches).flatMapToInt(Decision::leaves);
  }

  /** The same with the leaves numbered anew. */
  Decision renumbered(IntUnaryOperator leaf) {
    if (kind == Kind.LEAF) {
      return leaf(leaf.applyAsInt(number));
    }
    return branches.length == 0 ? this : with(branch -> branch.renumbered(leaf));
  }

  boolean isSticky() {
    return keys.length > 0;
  }

  /** The branch that a throw of {@code 0..total-1} falls on. */
  Decision branch(long thrown) {
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (thrown < cumulative[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return branches[low];
  }

  long total() {
    return cumulative[cumulative.length - 1];
  }

  /** The branch that is the client's, by rendezvous. */
  Decision branchOf(long client) {
    return branches[indexOf(client, keys, weights)];
  }

  /** The one of some keys, with positive weights, that is a client's. */
  static int indexOf(long client, long[] keys, long[] weights) {
    int best = 0;
    long bestCost = Rendezvous.cost(Rendezvous.mix(keys[0], client));
    for (int i = 1; i < keys.length; i++) {
      long cost = Rendezvous.cost(Rendezvous.mix(keys[i], client));
      if (Rendezvous.isBetter(cost, weights[i], bestCost, weights[best])) {
        best = i;
        bestCost = cost;
      }
    }
    return best;
  }
}
