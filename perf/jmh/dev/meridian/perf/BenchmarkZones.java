package dev.meridian.perf;

import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the benchmarks ask: the examples of {@code zones/} and a generated zone beside them. */
final class BenchmarkZones {
  /** Names of {@code bench.example}. */
  static final int NAMES = 10_000;

  private static final Path EXAMPLES = Path.of("zones");

  private static final String HEAD =
      """
      $TTL 300
      @ SOA ns1 hostmaster 1 7200 1800 1209600 300
      @ NS ns1
      ns1 A 192.0.2.53
      """;

  private static final String POLICY =
      """
      endpoints:
        ohio:      { address: 198.51.100.1 }
        montreal:  { address: 198.51.100.2 }
        saopaulo:  { address: 198.51.100.3 }
        frankfurt: { address: 198.51.100.4 }
        capetown:  { address: 198.51.100.5 }
        tokyo:     { address: 198.51.100.6 }
        singapore: { address: 198.51.100.7 }
        sydney:    { address: 198.51.100.8 }
      records:
        geo:
          ttl: 30
          geolocation:
            US: ohio
            continent:NA: montreal
            continent:SA: saopaulo
            continent:EU: frankfurt
            continent:AF: capetown
            JP: tokyo
            continent:AS: singapore
            continent:OC: sydney
            default: frankfurt
        lot: { ttl: 30, weighted: { ohio: 4, frankfurt: 3, tokyo: 2, sydney: 1 } }
      """;

  private BenchmarkZones() {}

  /** Loads them from a folder that is gone afterwards, every endpoint eligible. */
  static StateHolder load() throws IOException {
    Path folder = Files.createTempDirectory("meridian-bench");
    try {
      fill(folder);
      LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
      CompiledSet set =
          SetCompiler.compile(loaded, GeoDatabase.embedded())
              .orElseThrow(() -> new IllegalStateException(loaded.problems().list().toString()));
      StateHolder states = new StateHolder();
      states.publish(ServerState.of(set.zones(), EligibilitySnapshot.ALL, 1));
      return states;
    } finally {
      delete(folder);
    }
  }

  private static void fill(Path folder) throws IOException {
    try (DirectoryStream<Path> examples = Files.newDirectoryStream(EXAMPLES)) {
      for (Path example : examples) {
        Files.copy(example, folder.resolve(example.getFileName()));
      }
    }
    Files.writeString(folder.resolve("bench.example.zone"), zone());
    Files.writeString(folder.resolve("bench.example.policy.yaml"), POLICY);
  }

  private static String zone() {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < NAMES; i++) {
      text.append("host-%d A 10.0.%d.%d%n".formatted(i, i >> 8, i & 0xFF));
    }
    for (int i = 0; i < NAMES / 20; i++) {
      text.append("*.wild-%d A 10.1.%d.%d%n".formatted(i, i >> 8, i & 0xFF));
    }
    return text.toString();
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
