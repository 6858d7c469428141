package dev.meridian.control;

import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.publish.LoadFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A zones folder for tests: one zone, one routed name with a health check that never passes. */
public final class ZoneFolder {
  private static final String ZONE =
      """
      $TTL 300
      @    SOA ns1 host SERIAL 3600 600 86400 60
      @    NS  ns1
      ns1  A   192.0.2.1
      text TXT "<script>alert(1)</script>"
      """;

  private static final String POLICY =
      """
      health-checks:
        web: { tcp: { port: 9, address: 127.0.0.1 }, interval: 1h, timeout: 1s }
      endpoints:
        a: { address: 192.0.2.10, health-check: web }
        b: { address: 192.0.2.20 }
      records:
        www: { ttl: 30, failover: [ a, b ] }
      """;

  /** The id of the only health check. */
  public static final String CHECK = "example.org/a/192.0.2.10";

  private ZoneFolder() {}

  /** Makes the folder, or makes it anew with another serial. */
  public static Path write(Path folder, int serial) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("example.org.zone"), ZONE.replace("SERIAL", Integer.toString(serial)));
    Files.writeString(folder.resolve("example.org.policy.yaml"), POLICY);
    return folder;
  }

  /** Puts in a second zone with two errors. */
  public static void breakIt(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("broken.example.zone"),
        "@ 60 SOA ns1 host 1 2 3 4 5\n@ NS ns1\nx A 1.2.3\n");
  }

  /** Takes the broken zone away. */
  public static void repair(Path folder) throws IOException {
    Files.delete(folder.resolve("broken.example.zone"));
  }

  /** Serves a folder on ports of the system's choice. */
  public static Server serve(Path folder) throws LoadFailedException {
    return serve(folder, Map.of());
  }

  /** The same with other settings. */
  public static Server serve(Path folder, Map<ConfigKey, String> settings)
      throws LoadFailedException {
    ServerConfig.Builder builder =
        ServerConfig.builder()
            .flag(ConfigKey.ZONES, List.of(folder.toString()))
            .flag(ConfigKey.STATE, List.of(folder.resolve(".state").toString()))
            .flag(ConfigKey.LISTEN, List.of("127.0.0.1:0"))
            .flag(ConfigKey.LOOPS, List.of("1"));
    settings.forEach((key, value) -> builder.flag(key, List.of(value)));
    ServerConfig config = builder.conclude();
    return Server.start(config, Parts.of(config, "1.2.3-test"));
  }
}
