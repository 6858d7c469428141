package dev.meridian.control;

import dev.meridian.health.HealthCheck;
import dev.meridian.load.Problem;
import dev.meridian.zone.Zones;
import java.time.Instant;
import java.util.List;

/**
 * What one load brought, ready to be published: nothing in it depends on health yet.
 *
 * @param zones compiled
 * @param checks every health check that the zones' policies name
 * @param geo what is known of the geo database in use
 * @param problems warnings only
 */
public record LoadedState(
    Zones zones, List<HealthCheck> checks, GeoSummary geo, List<Problem> problems) {
  /** Copies the lists. */
  public LoadedState {
    checks = List.copyOf(checks);
    problems = List.copyOf(problems);
  }

  /**
   * The geo database in use, for people and metrics.
   *
   * @param source its file names
   * @param description what it calls itself
   * @param builtAt when its publisher built it
   */
  public record GeoSummary(String source, String description, Instant builtAt) {}
}
