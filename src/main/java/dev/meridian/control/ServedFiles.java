package dev.meridian.control;

import dev.meridian.answer.CookieSecrets;
import dev.meridian.config.ServerConfig;
import dev.meridian.publish.CopyingSource;
import dev.meridian.publish.SharedCookies;
import dev.meridian.publish.Sight;
import dev.meridian.publish.StateSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that a server answers from: which they are, and what else is done with each load. */
record ServedFiles(ServerConfig config) {
  private static final Logger LOG = LoggerFactory.getLogger(ServedFiles.class);

  /** All that is read. */
  List<Path> all() {
    List<Path> all = beside();
    all.add(config.zones());
    return all;
  }

  /** All that is read and is not in the zones folder. */
  List<Path> beside() {
    List<Path> paths = new ArrayList<>(config.geoip());
    config.cookieSecrets().ifPresent(paths::add);
    return paths;
  }

  /** What is known of the zones folder without reading it. */
  Sight sight() {
    return config.watch() ? Sight.watching(config.zones()) : Sight.of(config.zones());
  }

  /**
   * Loads the files, with a copy of them for {@link dev.meridian.publish.KeptSets}.
   *
   * @param zones loads the zones
   * @param cookies takes the secrets that servers share, if they are in a file
   */
  StateSource source(StateSource zones, Sight sight, Consumer<CookieSecrets> cookies) {
    StateSource copying =
        isStateVisible() ? zones : new CopyingSource(zones, sight, config.geoip());
    return config
        .cookieSecrets()
        .<StateSource>map(file -> new SharedCookies(copying, file, cookies))
        .orElse(copying);
  }

  /** Whether copies in the state folder would be read as zones; it is told in the log. */
  private boolean isStateVisible() {
    Path zones = config.zones().toAbsolutePath().normalize();
    Path state = config.state().toAbsolutePath().normalize();
    boolean visible =
        state.startsWith(zones)
            && StreamSupport.stream(zones.relativize(state).spliterator(), false)
                .noneMatch(name -> name.toString().startsWith("."));
    if (visible) {
      LOG.warn("No sets are kept: the state folder {} is in the zones folder", config.state());
    }
    return visible;
  }
}
