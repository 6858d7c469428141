package dev.meridian.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Exact probabilities of answers; an answer is a set of texts. */
final class Distributions {
  /** Stands for SERVFAIL. */
  static final String FAILURE = "SERVFAIL";

  private Distributions() {}

  static Map<Set<String>, Long> rounded(Map<Set<String>, Double> answers) {
    Map<Set<String>, Long> rounded = new LinkedHashMap<>();
    answers.forEach((ids, p) -> rounded.put(Set.copyOf(ids), Math.round(p * 1e9)));
    return rounded;
  }

  /**
   * All that a decision can come to, with probabilities: over throws of dice, or over clients. A
   * failure beside something that is answered does not show.
   */
  static Map<Set<String>, Double> of(Decision decision, IntFunction<Set<String>> leaf) {
    return switch (decision.kind) {
      case RANKED, SHARED, BY_CLASS -> throw new IllegalArgumentException("not of one class");
      case NO_ANSWER, WITHHELD -> Map.of(Set.of(), 1.0);
      case ELSEWHERE, UNHEALTHY -> Map.of(Set.of(FAILURE), 1.0);
      case LEAF -> Map.of(leaf.apply(decision.number), 1.0);
      case WEIGHTED -> {
        Map<Set<String>, Double> sum = new LinkedHashMap<>();
        for (int i = 0; i < decision.branches.length; i++) {
          double share = (double) decision.weights[i] / decision.total();
          of(decision.branches[i], leaf)
              .forEach((ids, p) -> sum.merge(ids, p * share, Double::sum));
        }
        yield sum;
      }
      case SOME -> {
        Map<Set<String>, Double> sum = new LinkedHashMap<>();
        List<Set<Integer>> combinations = combinations(decision.branches.length, decision.number);
        for (Set<Integer> combination : combinations) {
          Map<Set<String>, Double> joined = Map.of(Set.of(), 1.0 / combinations.size());
          for (int branch : combination) {
            joined = join(joined, of(decision.branches[branch], leaf));
          }
          joined.forEach((ids, p) -> sum.merge(ids, p, Double::sum));
        }
        yield sum;
      }
    };
  }

  static List<Set<Integer>> combinations(int of, int size) {
    List<Set<Integer>> all = new ArrayList<>();
    for (int bits = 0; bits < 1 << of; bits++) {
      if (Integer.bitCount(bits) == size) {
        Set<Integer> one = new TreeSet<>();
        for (int i = 0; i < of; i++) {
          if ((bits & 1 << i) != 0) {
            one.add(i);
          }
        }
        all.add(one);
      }
    }
    return all;
  }

  static Map<Set<String>, Double> join(
      Map<Set<String>, Double> left, Map<Set<String>, Double> right) {
    Map<Set<String>, Double> joined = new LinkedHashMap<>();
    left.forEach(
        (ids, p) ->
            right.forEach(
                (more, q) -> {
                  Set<String> both = new TreeSet<>(ids);
                  both.addAll(more);
                  joined.merge(both, p * q, Double::sum);
                }));
    return joined;
  }
}
