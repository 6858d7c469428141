package dev.meridian.load;

import dev.meridian.health.HealthOverride;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that was found in a zone folder.
 *
 * @param zones those without an error, in the order of their file names
 * @param overrides of {@code overrides.yaml}
 * @param latencyTable {@code latency.csv}, if there is one; not read yet
 * @param problems of all files
 */
public record LoadedSet(
    List<LoadedZone> zones,
    List<HealthOverride> overrides,
    Optional<Path> latencyTable,
    Problems problems) {
  /** Copies the lists. */
  public LoadedSet {
    zones = List.copyOf(zones);
    overrides = List.copyOf(overrides);
  }
}
