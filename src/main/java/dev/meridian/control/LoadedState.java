package dev.meridian.control;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.load.LoadedTests;
import dev.meridian.load.Problem;
import dev.meridian.policy.ClientSpace;
import dev.meridian.zone.Zones;
import java.util.List;
import java.util.Optional;

/**
 * What one load brought, ready to be published: nothing in it depends on health yet.
 *
 * @param zones compiled
 * @param checks every health check that the zones' policies name
 * @param space where clients are, as the policies were compiled for it
 * @param overrides what the file of overrides decides
 * @param tests of the zone folder
 * @param problems warnings only
 * @param copy of the files, to be kept; empty if there is none
 */
public record LoadedState(
    Zones zones,
    List<HealthCheck> checks,
    ClientSpace space,
    List<HealthOverride> overrides,
    LoadedTests tests,
    List<Problem> problems,
    Optional<SetCopy> copy) {
  /** Copies the lists. */
  public LoadedState {
    checks = List.copyOf(checks);
    overrides = List.copyOf(overrides);
    problems = List.copyOf(problems);
  }

  /** One without overrides or tests that is not to be kept. */
  public LoadedState(
      Zones zones, List<HealthCheck> checks, ClientSpace space, List<Problem> problems) {
    this(zones, checks, space, List.of(), LoadedTests.NONE, problems, Optional.empty());
  }

  LoadedState with(List<Problem> others) {
    return new LoadedState(zones, checks, space, overrides, tests, others, copy);
  }

  LoadedState with(Optional<SetCopy> other) {
    return new LoadedState(zones, checks, space, overrides, tests, problems, other);
  }
}
