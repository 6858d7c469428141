package dev.meridian.reach;

import dev.meridian.health.HealthStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Something that is wrong: health checks of one site that are down, and what follows from it.
 *
 * @param what the site's region, the endpoint, or the id of a check that watches neither
 * @param endpoints that are watched by the checks
 * @param down the checks that are down, or held by the guard, since longest first; at least one
 * @param effects on names, the largest first; not all if there are many
 * @param affected how many names are answered differently for it
 * @param exposed how many names answer with what fails, as the guard holds it
 */
public record Trouble(
    String what,
    List<EndpointKey> endpoints,
    List<HealthStatus> down,
    List<Effect> effects,
    int affected,
    int exposed) {
  /** Copies the lists. */
  public Trouble {
    endpoints = List.copyOf(endpoints);
    down = down.stream().sorted(Comparator.comparing(HealthStatus::since)).toList();
    effects = List.copyOf(effects);
  }

  /** Whether none of the checks counts as down, as the guard holds all of them. */
  public boolean held() {
    return down.stream().allMatch(HealthStatus::isHealthy);
  }

  /** When the first of the checks went down. */
  public Instant since() {
    return down.getFirst().since();
  }

  /** Part of all answers that is another for it, over the names affected: the largest of them. */
  public double moved() {
    return effects.stream().mapToDouble(Effect::moved).max().orElse(0);
  }
}
