package dev.meridian.publish;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.load.LoadedTests;
import dev.meridian.policy.ClientSpace;
import dev.meridian.source.Problem;
import dev.meridian.zone.Zones;
import java.util.List;

/**
 * What one load brought, ready to be published: nothing in it depends on health yet.
 *
 * @param zones compiled
 * @param checks every health check that the zones' policies name
 * @param space where clients are, as the policies were compiled for it
 * @param overrides what the file of overrides decides
 * @param tests of the zone folder
 * @param problems warnings only
 * @param copying makes a copy of the files, to be kept
 */
public record LoadedState(
    Zones zones,
    List<HealthCheck> checks,
    ClientSpace space,
    List<HealthOverride> overrides,
    LoadedTests tests,
    List<Problem> problems,
    Copying copying) {
  /** Copies the lists. */
  public LoadedState {
    checks = List.copyOf(checks);
    overrides = List.copyOf(overrides);
    problems = List.copyOf(problems);
  }

  /** One without overrides or tests that is not to be kept. */
  public LoadedState(
      Zones zones, List<HealthCheck> checks, ClientSpace space, List<Problem> problems) {
    this(zones, checks, space, List.of(), LoadedTests.NONE, problems, Copying.NOTHING);
  }

  /** Whether it has the very same compiled zones. */
  boolean hasTheZonesOf(LoadedState other) {
    boolean same = zones.size() == other.zones.size();
    for (int i = 0; same && i < zones.size(); i++) {
      same = zones.get(i) == other.zones.get(i);
    }
    return same;
  }

  LoadedState with(List<Problem> others) {
    return new LoadedState(zones, checks, space, overrides, tests, others, copying);
  }

  LoadedState with(Copying other) {
    return new LoadedState(zones, checks, space, overrides, tests, problems, other);
  }
}
