package dev.meridian.cli;

import dev.meridian.config.ServerConfig;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.publish.DiskSource;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files and folders that a command is to read. One that is not there says nothing about what
 * would be in it, so that is no wrong input: the command cannot run.
 */
final class Inputs {
  private Inputs() {}

  static Path folder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw CommandException.cannotRun(
          Files.exists(folder) ? folder + " is no folder" : "there is no folder " + folder);
    }
    return folder;
  }

  static Path file(Path file) {
    if (!Files.isRegularFile(file)) {
      throw CommandException.cannotRun(
          Files.exists(file) ? file + " is no file" : "there is no file " + file);
    }
    return file;
  }

  /** The geo database that a configuration names; without one, that which is built in. */
  static GeoDatabase geo(ServerConfig config) {
    requireGeo(config);
    try {
      return DiskSource.geo(config.geoip());
    } catch (GeoException e) {
      throw CommandException.wrongInput(e.lines());
    }
  }

  /** Sees to it that geo databases are there, each a file or a folder of some. */
  static void requireGeo(ServerConfig config) {
    for (Path path : config.geoip()) {
      if (!Files.isDirectory(path)) {
        file(path);
      }
    }
  }

  /** Whether all that a server loads is there, whatever is in it. */
  static boolean areThere(ServerConfig config) {
    return Files.isDirectory(config.zones())
        && config.geoip().stream().allMatch(Files::exists)
        && config.cookieSecrets().stream().allMatch(Files::exists);
  }
}
