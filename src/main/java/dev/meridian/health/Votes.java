package dev.meridian.health;

import java.util.HashMap;
import java.util.Map;

/**
 * Some of what one vantage point says about its checks; how it travels is not health's concern.
 *
 * @param vantage who says it: {@code REGION/NAME} or {@code NAME}
 * @param byKey what it says of each check, by {@link #key}; a check of which it can say nothing, or
 *     does not want to, is {@code UNKNOWN} or missing
 */
public record Votes(String vantage, Map<Long, Observation.Outcome> byKey) {
  /** Copies the map. */
  public Votes {
    byKey = Map.copyOf(byKey);
  }

  /** What a vantage point says, going by its board. */
  public static Votes of(String vantage, HealthBoard board) {
    Map<Long, Observation.Outcome> byKey = new HashMap<>();
    for (HealthStatus status : board.statuses()) {
      if (status.check().isProbed()) {
        byKey.put(
            key(status.check()), board.abstaining() ? Observation.Outcome.UNKNOWN : status.vote());
      }
    }
    return new Votes(vantage, byKey);
  }

  /** The part before the slash; without one, the vantage point is a region by itself. */
  static String region(String vantage) {
    int slash = vantage.indexOf('/');
    return slash < 0 ? vantage : vantage.substring(0, slash);
  }

  /**
   * What two vantage points call the same check by: it differs if the id or anything in the
   * definition does, so that nobody's vote on another definition is counted.
   */
  public static long key(HealthCheck check) {
    return DefinitionHash.of(check);
  }
}
