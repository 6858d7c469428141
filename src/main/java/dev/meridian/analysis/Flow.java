package dev.meridian.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Answers that move.
 *
 * @param from what they were
 * @param to what they will be
 * @param share of all answers for the name, 0 to 1
 */
public record Flow(String from, String to, double share) {
  /** The largest of some flows. */
  static List<Flow> largest(Map<Movement.Pair, Double> flows, int number) {
    return flows.entrySet().stream()
        .map(each -> new Flow(each.getKey().from(), each.getKey().to(), each.getValue()))
        .sorted(Comparator.comparingDouble(Flow::share).reversed())
        .limit(number)
        .toList();
  }
}
