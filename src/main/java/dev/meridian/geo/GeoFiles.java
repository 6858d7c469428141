package dev.meridian.geo;

import java.nio.file.Path;
import java.util.List;

/** Finds and opens geo database files. */
final class GeoFiles {
  private GeoFiles() {}

  static GeoDatabase load(List<Path> filesAndFolders) {
    if (filesAndFolders.isEmpty()) {
      return GeoDatabase.EMPTY;
    }
    throw new GeoException("cannot read " + filesAndFolders);
  }
}
