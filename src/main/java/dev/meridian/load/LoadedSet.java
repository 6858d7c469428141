package dev.meridian.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that was found in a zone folder.
 *
 * @param zones those without an error, in the order of their file names
 * @param latencyTable {@code latency.csv}, if there is one; not read yet
 * @param problems of all files
 */
public record LoadedSet(List<LoadedZone> zones, Optional<Path> latencyTable, Problems problems) {
  /** Copies the list. */
  public LoadedSet {
    zones = List.copyOf(zones);
  }
}
