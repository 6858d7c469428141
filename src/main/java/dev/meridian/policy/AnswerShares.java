package dev.meridian.policy;

/**
 * What part of the answers to one class of clients each leaf can expect: the decision with its dice
 * worked out instead of thrown.
 *
 * <pre>
 * leaf      all of it
 * weighted  in proportion to weight
 * some      as if clients used all branches alike: those answered are a fair sample of them
 * nothing   no leaf has any
 *
 * A choice that sticks to clients is the same over many of them.
 * </pre>
 */
public final class AnswerShares {
  private AnswerShares() {}

  /**
   * The shares of all leaves for one class: each 0 to 1, together 1, or 0 where there is no answer.
   *
   * @param decisions those of the same RRset
   */
  public static double[] of(RoutedRRset rrset, Decisions decisions, int clientClass) {
    return of(decisions.of(clientClass), rrset.leafCount());
  }

  /** The same of one decision for one class. */
  static double[] of(Decision decision, int leaves) {
    double[] shares = new double[leaves];
    add(decision, 1, shares);
    return shares;
  }

  private static void add(Decision decision, double part, double[] shares) {
    switch (decision.kind) {
      case NO_ANSWER, WITHHELD, ELSEWHERE, UNHEALTHY -> {}
      case LEAF -> shares[decision.number] += part;
      case WEIGHTED -> {
        for (int i = 0; i < decision.branches.length; i++) {
          add(decision.branches[i], part * decision.weights[i] / decision.total(), shares);
        }
      }
      case SOME -> {
        for (Decision branch : decision.branches) {
          add(branch, part / decision.branches.length, shares);
        }
      }
      case RANKED, SHARED, BY_CLASS -> throw new IllegalArgumentException("not of one class");
    }
  }
}
