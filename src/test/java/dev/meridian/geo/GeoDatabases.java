package dev.meridian.geo;

import dev.meridian.net.PrefixPartition;
import java.time.Instant;
import java.util.List;

/** Geo databases made by hand. */
public final class GeoDatabases {
  private GeoDatabases() {}

  /**
   * A database in which {@code places} has positions in {@code locations}; 0 is the unknown one.
   */
  public static GeoDatabase of(PrefixPartition places, List<Location> locations) {
    return of(places, locations, PrefixPartition.uniform(0));
  }

  /** The same with AS numbers. */
  public static GeoDatabase of(
      PrefixPartition places, List<Location> locations, PrefixPartition networks) {
    return new GeoDatabase(
        places, locations, networks, new GeoDatabase.Origin("test", "made by hand", Instant.EPOCH));
  }
}
