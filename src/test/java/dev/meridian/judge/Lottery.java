package dev.meridian.judge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What can come out, and how probable each is; the sum is 1. */
record Lottery<T>(Map<T, Double> chances) {
  static <T> Lottery<T> of(T only) {
    return new Lottery<>(Map.of(only, 1.0));
  }

  /** One of some lotteries, by weights of which not all are zero. */
  static <T> Lottery<T> mix(List<Lottery<T>> parts, List<Integer> weights) {
    double total = weights.stream().mapToInt(Integer::intValue).sum();
    Map<T, Double> sum = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      double share = weights.get(i) / total;
      if (share > 0) {
        parts.get(i).chances.forEach((each, p) -> sum.merge(each, p * share, Double::sum));
      }
    }
    return new Lottery<>(sum);
  }

  /** Every set of so many of these, equally probable. */
  static <T> Lottery<Set<T>> some(List<T> of, int size) {
    List<Set<T>> all = new ArrayList<>();
    for (int bits = 0; bits < 1 << of.size(); bits++) {
      if (Integer.bitCount(bits) == size) {
        Set<T> one = new HashSet<>();
        for (int i = 0; i < of.size(); i++) {
          if ((bits & 1 << i) != 0) {
            one.add(of.get(i));
          }
        }
        all.add(one);
      }
    }
    Map<Set<T>, Double> chances = new LinkedHashMap<>();
    all.forEach(each -> chances.put(each, 1.0 / all.size()));
    return new Lottery<>(chances);
  }

  <R> Lottery<R> map(Function<T, R> how) {
    return then(each -> of(how.apply(each)));
  }

  <R> Lottery<R> then(Function<T, Lottery<R>> next) {
    Map<R, Double> sum = new LinkedHashMap<>();
    chances.forEach(
        (each, p) -> next.apply(each).chances.forEach((r, q) -> sum.merge(r, p * q, Double::sum)));
    return new Lottery<>(sum);
  }

  boolean isCertain() {
    return chances.size() == 1;
  }
}
