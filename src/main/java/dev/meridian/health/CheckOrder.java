package dev.meridian.health;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of health checks in an order in which each stands behind those that it is calculated from,
 * so that one pass over it settles everything.
 *
 * @param checks each id once
 */
public record CheckOrder(List<HealthCheck> checks) {
  /** Copies the list. */
  public CheckOrder {
    checks = List.copyOf(checks);
  }

  /**
   * Puts checks in order. The same definition may come twice, from two zones that share it.
   *
   * @throws IllegalArgumentException with a sentence, if two different definitions have one id, if
   *     one is calculated from a check that is not there, or from itself by whatever detour
   */
  public static CheckOrder of(Collection<HealthCheck> given) {
    Map<String, HealthCheck> byId = new LinkedHashMap<>();
    HealthCheck.distinct(given).forEach(check -> byId.put(check.id(), check));
    Map<String, Integer> open = new HashMap<>();
    Map<String, List<HealthCheck>> parents = new HashMap<>();
    for (HealthCheck check : byId.values()) {
      List<String> parts = parts(check);
      open.put(check.id(), parts.size());
      for (String part : parts) {
        requireKnown(check, part, byId);
        parents.computeIfAbsent(part, _ -> new ArrayList<>()).add(check);
      }
    }
    return new CheckOrder(sorted(byId, open, parents));
  }

  /** The ids that a check is calculated from; none for one that is probed. */
  static List<String> parts(HealthCheck check) {
    return check.kind() instanceof CheckKind.Calculated calculated
        ? calculated.checks()
        : List.of();
  }

  private static void requireKnown(HealthCheck check, String part, Map<String, HealthCheck> byId) {
    if (!byId.containsKey(part)) {
      throw new IllegalArgumentException(
          "health check '"
              + check.id()
              + "' is calculated from '"
              + part
              + "', which does not exist");
    }
  }

  /** Takes whatever waits for nothing any more, until nothing is left (Kahn). */
  private static List<HealthCheck> sorted(
      Map<String, HealthCheck> byId,
      Map<String, Integer> open,
      Map<String, List<HealthCheck>> parents) {
    ArrayDeque<HealthCheck> ready = new ArrayDeque<>();
    byId.values().stream().filter(check -> parts(check).isEmpty()).forEach(ready::add);
    List<HealthCheck> sorted = new ArrayList<>(byId.size());
    while (!ready.isEmpty()) {
      HealthCheck check = ready.remove();
      sorted.add(check);
      for (HealthCheck parent : parents.getOrDefault(check.id(), List.of())) {
        if (open.merge(parent.id(), -1, Integer::sum) == 0) {
          ready.add(parent);
        }
      }
    }
    if (sorted.size() < byId.size()) {
      String stuck =
          byId.keySet().stream()
              .filter(id -> open.getOrDefault(id, 0) > 0)
              .findFirst()
              .orElseThrow();
      throw new IllegalArgumentException(
          "health check '"
              + stuck
              + "' is calculated from itself, by way of others; break the circle");
    }
    return sorted;
  }
}
