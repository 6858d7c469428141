package dev.meridian.policy;

import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * What a class of clients is answered and how likely, exactly: the dice of {@link PolicyEngine}
 * worked out instead of thrown. Where a client's hash takes their place, how likely is how many.
 * Immutable; for explanations, tests and comparisons, never for a query.
 */
public final class Chances {
  private final Decision decision;
  private final int[] ttls;

  Chances(Decision decision, int[] ttls) {
    this.decision = decision;
    this.ttls = ttls;
  }

  /** The TTL of a leaf's records at this moment, in seconds. */
  public int ttl(int leaf) {
    return ttls[leaf];
  }

  private static boolean isLeaf(Decision decision) {
    return decision.kind == Decision.Kind.LEAF;
  }

  private static boolean isFailure(Decision decision) {
    return decision.kind == Decision.Kind.ELSEWHERE || decision.kind == Decision.Kind.UNHEALTHY;
  }

  /** How many bits of a client have a say, where its own hash takes the place of dice. */
  public int stickyBits(boolean ipv4) {
    return stickyBits(decision, ipv4);
  }

  private static int stickyBits(Decision decision, boolean ipv4) {
    int bits = 0;
    if (decision.isSticky()) {
      bits = ipv4 ? decision.sticky.ipv4() : decision.sticky.ipv6();
    }
    for (Decision branch : decision.branches) {
      bits = Math.max(bits, stickyBits(branch, ipv4));
    }
    return bits;
  }

  /** The probability that the dice lead to none of the ends that are wanted. */
  private static double missing(Decision decision, Predicate<Decision> wanted) {
    return switch (decision.kind) {
      case NO_ANSWER, WITHHELD, ELSEWHERE, UNHEALTHY, LEAF -> wanted.test(decision) ? 0 : 1;
      case WEIGHTED -> {
        double sum = 0;
        for (int i = 0; i < decision.branches.length; i++) {
          double share = (double) decision.weights[i] / decision.total();
          sum += share * missing(decision.branches[i], wanted);
        }
        yield sum;
      }
      case SOME -> missingInSome(decision, wanted);
      case RANKED, SHARED, BY_CLASS -> throw new IllegalArgumentException("not of one class");
    };
  }

  /**
   * Every combination of {@code k} of {@code n} branches is as likely as any other, and the
   * branches throw their own dice: the mean of the products of {@code k} of the branches'
   * probabilities, which Pascal's triangle builds up branch by branch.
   */
  private static double missingInSome(Decision decision, Predicate<Decision> wanted) {
    int n = decision.branches.length;
    int k = decision.number;
    double[] mean = new double[k + 1];
    mean[0] = 1;
    for (int seen = 1; seen <= n; seen++) {
      double q = missing(decision.branches[seen - 1], wanted);
      for (int size = Math.min(k, seen); size >= 1; size--) {
        double with = (double) size / seen;
        mean[size] = (1 - with) * mean[size] + with * q * mean[size - 1];
      }
    }
    return mean[k];
  }

  /** The probability that a leaf is in the answer, 0 to 1. */
  public double leaf(int number) {
    return any(leaf -> leaf == number);
  }

  /** The probability that at least one of some leaves is in the answer. */
  public double any(IntPredicate leaves) {
    return 1 - missing(decision, end -> isLeaf(end) && leaves.test(end.number));
  }

  /** The probability of no answer: NODATA. */
  public double none() {
    return missing(decision, end -> isLeaf(end) || isFailure(end));
  }

  /** The probability of SERVFAIL: no answer, and not for want of candidates. */
  public double failure() {
    return missing(decision, Chances::isLeaf) - none();
  }
}
