package dev.meridian.judge;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.meridian.control.Control;
import dev.meridian.control.Server;
import dev.meridian.health.HealthOverride;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.ReloadResult;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.RealServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** The server as it is run, over a folder that changes from world to world. */
final class ServedFolder implements AutoCloseable {
  /** What is wrong with random zones is told at every load. */
  private static final Logger CONTROL = (Logger) LoggerFactory.getLogger(Control.class);

  private final Path zones;
  private final Path geo;
  private final Server server;
  private final Wire wire;

  ServedFolder(Path folder, long seed, Map<String, String> files, List<String> places)
      throws IOException, LoadFailedException {
    CONTROL.setLevel(Level.OFF);
    zones = Files.createDirectories(folder.resolve("zones"));
    geo = Files.createDirectories(folder.resolve("geo"));
    write(files, places);
    server = RealServer.start(zones, geo, folder.resolve("state"), seed);
    wire = new Wire(server.addresses().getFirst());
  }

  private void write(Map<String, String> files, List<String> places) throws IOException {
    try (Stream<Path> old = Files.list(zones)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(zones.resolve(file.getKey()), file.getValue());
    }
    GeoFixture.write(places, geo);
  }

  /** Serves another world, if it can be served. */
  ReloadResult serve(Map<String, String> files, List<String> places) throws IOException {
    write(files, places);
    return server.reload("another world").join();
  }

  /** Decides the health of checks as {@code meridian set} does; none are known that nobody uses. */
  void override(Map<String, Boolean> up) throws IOException {
    if (Files.deleteIfExists(zones.resolve("overrides.yaml"))) {
      server.reload("overrides are set").join();
    }
    for (HealthOverride old : server.board().overrides()) {
      server.lift(old.selector(), false).join();
    }
    for (Map.Entry<String, Boolean> each : up.entrySet()) {
      if (server.board().status(each.getKey()) != null) {
        server
            .place(
                new HealthOverride(
                    each.getKey(),
                    each.getValue() ? HealthOverride.Action.UP : HealthOverride.Action.DOWN,
                    "judge",
                    "trial",
                    Instant.now(),
                    null))
            .join();
      }
    }
    server.turn().join();
  }

  /** The file that does the same. */
  static String overrides(Map<String, Boolean> up) {
    StringBuilder text = new StringBuilder("overrides:\n");
    up.forEach(
        (id, healthy) ->
            text.append(
                    "  - { selector: %s, action: %s, author: judge,".formatted(id, word(healthy)))
                .append(" reason: trial, until: forever }\n"));
    return text.toString();
  }

  private static String word(boolean healthy) {
    return healthy ? "up" : "down";
  }

  /** Decides it by the file of overrides. */
  void overrideByFile(Map<String, Boolean> up) throws IOException {
    Files.writeString(zones.resolve("overrides.yaml"), overrides(up));
    server.reload("overrides are written").join();
    server.turn().join();
  }

  Wire wire() {
    return wire;
  }

  @Override
  public void close() {
    wire.close();
    server.close();
    CONTROL.setLevel(null);
  }
}
