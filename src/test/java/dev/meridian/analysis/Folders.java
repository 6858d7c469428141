package dev.meridian.analysis;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.Pushes;
import java.nio.file.Path;
import java.util.Map;

/** Zone folders from text, all of one registry and in the world of {@link GeoFixture}. */
final class Folders {
  static final GeoDatabase GEO = GeoFixture.database();

  final HealthRegistry registry = new HealthRegistry();
  private final Path root;
  private GeoDatabase geo = GEO;
  private int folders;

  Folders(Path root) {
    this.root = root;
  }

  /** From now on in another world. */
  void world(GeoDatabase other) {
    geo = other;
  }

  /** A folder of files by name. */
  Revision of(Map<String, String> files) {
    Path folder = root.resolve("v" + folders++);
    Pushes.write(folder, files);
    return Revision.load(folder, geo, registry);
  }
}
