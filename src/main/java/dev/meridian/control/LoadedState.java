package dev.meridian.control;

import dev.meridian.health.HealthCheck;
import dev.meridian.load.Problem;
import dev.meridian.policy.ClientSpace;
import dev.meridian.zone.Zones;
import java.util.List;

/**
 * What one load brought, ready to be published: nothing in it depends on health yet.
 *
 * @param zones compiled
 * @param checks every health check that the zones' policies name
 * @param space where clients are, as the policies were compiled for it
 * @param problems warnings only
 */
public record LoadedState(
    Zones zones, List<HealthCheck> checks, ClientSpace space, List<Problem> problems) {
  /** Copies the lists. */
  public LoadedState {
    checks = List.copyOf(checks);
    problems = List.copyOf(problems);
  }
}
