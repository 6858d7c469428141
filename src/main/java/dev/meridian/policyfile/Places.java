package dev.meridian.policyfile;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Regions;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.source.YamlValues;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where things are: the file's own {@code regions}, AWS's, and plain {@code [latitude, longitude]}.
 */
final class Places {
  /**
   * A location.
   *
   * @param region its name in the latency table; null if only coordinates were written
   */
  record Place(@Nullable String region, Coordinates coordinates) {}

  private record Region(Coordinates coordinates, long position) {}

  private final YamlValues nodes;
  private final Map<String, Region> regions = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  Places(YamlValues nodes) {
    this.nodes = nodes;
  }

  /** Reads the {@code regions} section. */
  void readRegions(YamlNode section) {
    for (Entry entry : nodes.entries(section, "regions")) {
      Coordinates coordinates = coordinates(entry.value(), "a region");
      if (coordinates != null) {
        regions.put(entry.key().text(), new Region(coordinates, entry.key().position()));
      }
    }
  }

  private @Nullable Coordinates coordinates(YamlNode node, String what) {
    if (!(node instanceof Sequence sequence) || sequence.items().size() != 2) {
      nodes.reporter().error(node.position(), what + " is [latitude, longitude] in degrees");
      return null;
    }
    Double latitude = nodes.decimal(sequence.items().getFirst(), "latitude", -90, 90);
    Double longitude = nodes.decimal(sequence.items().getLast(), "longitude", -180, 180);
    return latitude == null || longitude == null ? null : new Coordinates(latitude, longitude);
  }

  /** Reads the value of a {@code location} key; null after an error. */
  @Nullable Place read(YamlNode node) {
    if (node instanceof Sequence) {
      Coordinates coordinates = coordinates(node, "location");
      return coordinates == null ? null : new Place(null, coordinates);
    }
    String name = nodes.text(node, "location");
    if (name == null) {
      return null;
    }
    Region own = regions.get(name);
    if (own != null) {
      used.add(name);
      return new Place(name, own.coordinates());
    }
    Coordinates aws = Regions.coordinates(name).orElse(null);
    if (aws == null) {
      String hint = nodes.hint(name, regions.keySet(), Regions.names());
      nodes
          .reporter()
          .error(
              node.position(),
              "'"
                  + name
                  + "' is no location"
                  + (hint.isEmpty()
                      ? "; write [latitude, longitude], an AWS region, or a name from 'regions'"
                      : hint));
      return null;
    }
    return new Place(name, aws);
  }

  /** Warns of regions that nothing refers to. */
  void warnOfUnused() {
    regions.forEach(
        (name, region) -> {
          if (!used.contains(name)) {
            nodes.reporter().warning(region.position(), "region '" + name + "' is never used");
          }
        });
  }
}
