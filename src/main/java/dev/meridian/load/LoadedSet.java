package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.policy.ClientSpace;
import dev.meridian.source.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that was found in a zone folder.
 *
 * @param zones those without an error that were read, in the order of their file names
 * @param carried those that an earlier load has compiled already; none of the others has an alias
 *     into them, nor they into one of the others
 * @param checks the health checks of all of them, in that order
 * @param beside which of the files are there that belong to no zone
 * @param overrides of {@code overrides.yaml}
 * @param latencyTable {@code latency.csv}, if there is one; not read yet
 * @param known the space of the earlier load, if the latency table is the same
 * @param problems of all files
 */
public record LoadedSet(
    List<LoadedZone> zones,
    Carried carried,
    List<HealthCheck> checks,
    Set<String> beside,
    List<HealthOverride> overrides,
    Optional<Path> latencyTable,
    Optional<ClientSpace> known,
    Problems problems) {
  /** Copies the lists; what is carried, which may be much, is the set's own from here on. */
  public LoadedSet {
    zones = List.copyOf(zones);
    checks = List.copyOf(checks);
    overrides = List.copyOf(overrides);
  }

  /** One with nothing in it. */
  public static LoadedSet empty() {
    return new LoadedSet(
        List.of(),
        Carried.nothing(),
        List.of(),
        Set.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        new Problems(1));
  }
}
