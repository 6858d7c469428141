package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.policy.ClientSpace;
import dev.meridian.source.Problems;
import dev.meridian.wire.DomainName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was found in a zone folder.
 *
 * @param zones those without an error that were read, in the order of their file names
 * @param unchanged those that an earlier load has compiled already; none of the others has an alias
 *     into them, nor they into one of the others
 * @param order of all of them
 * @param checks the health checks of all of them, in that order
 * @param overrides of {@code overrides.yaml}
 * @param latencyTable {@code latency.csv}, if there is one; not read yet
 * @param known the space of the earlier load, if the latency table is the same
 * @param problems of all files
 */
public record LoadedSet(
    List<LoadedZone> zones,
    Map<DomainName, KnownZone> unchanged,
    List<DomainName> order,
    List<HealthCheck> checks,
    List<HealthOverride> overrides,
    Optional<Path> latencyTable,
    Optional<ClientSpace> known,
    Problems problems) {
  /** Copies the lists; the map, which may be large, is the set's own from here on. */
  public LoadedSet {
    zones = List.copyOf(zones);
    unchanged = Collections.unmodifiableMap(unchanged);
    order = List.copyOf(order);
    checks = List.copyOf(checks);
    overrides = List.copyOf(overrides);
  }

  /** One with nothing in it. */
  public static LoadedSet empty() {
    return new LoadedSet(
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        new Problems(1));
  }
}
