package dev.meridian.testkit;

import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Parts;
import dev.meridian.control.Server;
import dev.meridian.publish.Gate;
import dev.meridian.publish.LoadFailedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The server as it is run, with dice that can be thrown again. */
public final class RealServer {
  private RealServer() {}

  /**
   * Starts it on a free port of 127.0.0.1 with one loop and no rate limit; it loads when told to,
   * whatever was served before.
   *
   * @param geo folder of a geo database
   */
  public static Server start(Path zones, Path geo, Path state, long seed)
      throws LoadFailedException {
    ServerConfig.Builder builder = ServerConfig.builder();
    Map.of(
            ConfigKey.ZONES, zones.toString(),
            ConfigKey.GEOIP, geo.toString(),
            ConfigKey.STATE, state.toString(),
            ConfigKey.LISTEN, "127.0.0.1:0",
            ConfigKey.LOOPS, "1",
            ConfigKey.WATCH, "off",
            ConfigKey.RATE_LIMIT, "off")
        .forEach((key, value) -> builder.flag(key, List.of(value)));
    ServerConfig config = builder.conclude();
    Parts real = Parts.of(config, "test");
    return Server.start(
        config,
        new Parts(
            real.registry(),
            real.source(),
            Gate.open(),
            real.health(),
            real.clock(),
            new SplittableRandom(seed),
            real.version()));
  }
}
