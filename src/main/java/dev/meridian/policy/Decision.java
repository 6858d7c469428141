package dev.meridian.policy;

/**
 * What a routed RRset answers one class of clients while health stays as it is: all that a query
 * still has to do is throw dice. Immutable.
 */
final class Decision {
  /** No candidate applies to the client: NODATA. */
  static final Decision NO_ANSWER = new Decision(Kind.NO_ANSWER, -1, new Decision[0], new long[0]);

  /** All candidates that apply lead to names that are not resolved here: SERVFAIL. */
  static final Decision FAILURE = new Decision(Kind.FAILURE, -1, new Decision[0], new long[0]);

  /** What is to be done. */
  enum Kind {
    /** Nothing. */
    NO_ANSWER,
    /** Say that there is an answer, but not from here. */
    FAILURE,
    /** Answer with leaf {@link #number}. */
    LEAF,
    /** Go on with one branch, in proportion to {@link #cumulative}. */
    WEIGHTED,
    /** Go on with {@link #number} branches, a random combination. */
    SOME
  }

  final Kind kind;

  /** LEAF: its number; SOME: how many. */
  final int number;

  final Decision[] branches;

  /** WEIGHTED: running sums of the weights, the total last. */
  final long[] cumulative;

  private Decision(Kind kind, int number, Decision[] branches, long[] cumulative) {
    this.kind = kind;
    this.number = number;
    this.branches = branches;
    this.cumulative = cumulative;
  }

  static Decision leaf(int leaf) {
    return new Decision(Kind.LEAF, leaf, new Decision[0], new long[0]);
  }

  static Decision some(Decision[] branches, int max) {
    return branches.length == 1
        ? branches[0]
        : new Decision(Kind.SOME, Math.min(max, branches.length), branches, new long[0]);
  }

  /**
   * One branch at random.
   *
   * @param weights positive, one per branch
   */
  static Decision weighted(Decision[] branches, long[] weights) {
    if (branches.length == 1) {
      return branches[0];
    }
    long[] cumulative = weights.clone();
    for (int i = 1; i < cumulative.length; i++) {
      cumulative[i] += cumulative[i - 1];
    }
    return new Decision(Kind.WEIGHTED, 0, branches, cumulative);
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
}
