package dev.meridian.analysis;

import dev.meridian.analysis.Side.Content;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much of what was answered is answered otherwise, and what takes the place of what.
 *
 * @param changed the probability that an answer is another one, 0 to 1: exact where one endpoint is
 *     answered at a time, the most it can be where several are
 * @param flows by {@code from} and {@code to}; they add up to {@code changed}, or to more where
 *     several endpoints are answered at a time
 */
record Movement(double changed, Map<Pair, Double> flows) {
  /** From what to what. */
  record Pair(String from, String to) {}

  /** What is the same within the error of floating-point sums. */
  private static final double NEGLIGIBLE = 1e-9;

  static final Movement NONE = new Movement(0, Map.of());

  static Movement between(Map<Content, Double> before, Map<Content, Double> after) {
    Map<String, Double> losses = excess(before, after);
    Map<String, Double> gains = excess(after, before);
    double lost = sum(losses);
    double gained = sum(gains);
    double total = Math.max(lost, gained);
    if (total < NEGLIGIBLE) {
      return NONE;
    }
    pad(losses, total - lost);
    pad(gains, total - gained);
    Map<Pair, Double> flows = new LinkedHashMap<>();
    losses.forEach(
        (from, loss) ->
            gains.forEach(
                (to, gain) -> flows.merge(new Pair(from, to), loss * gain / total, Double::sum)));
    return new Movement(Math.min(1, total), flows);
  }

  private static Map<String, Double> excess(Map<Content, Double> of, Map<Content, Double> over) {
    Map<String, Double> excess = new LinkedHashMap<>();
    of.forEach(
        (content, chance) -> {
          double more = chance - over.getOrDefault(content, 0.0);
          if (more > NEGLIGIBLE) {
            excess.merge(content.label(), more, Double::sum);
          }
        });
    return excess;
  }

  /** Where several are answered at a time one can come or go alone. */
  private static void pad(Map<String, Double> side, double missing) {
    if (missing > NEGLIGIBLE) {
      side.merge("nothing", missing, Double::sum);
    }
  }

  private static double sum(Map<String, Double> shares) {
    return shares.values().stream().mapToDouble(share -> share).sum();
  }
}
