package dev.meridian.geo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives locations their numbers while a database is read. Networks in one city whose coordinates
 * agree to a tenth of a degree (11 km) share a number; no public database is right to less. Owned
 * by one thread.
 */
final class LocationTable {
  private final List<Location> locations = new ArrayList<>(List.of(Location.UNKNOWN));
  private final Map<Location, Integer> numbers = new HashMap<>();

  LocationTable() {
    numbers.put(Location.UNKNOWN, 0);
  }

  /** The number of a place whose coordinates are as the database has them. */
  int number(Location exact) {
    Location place =
        new Location(
            exact.continent(),
            exact.country(),
            exact.subdivision(),
            exact.district(),
            exact.city(),
            exact.geonameId(),
            rounded(exact.coordinates()));
    Integer known = numbers.putIfAbsent(place, locations.size());
    if (known != null) {
      return known;
    }
    locations.add(place);
    return locations.size() - 1;
  }

  private static @Nullable Coordinates rounded(@Nullable Coordinates exact) {
    return exact == null
        ? null
        : new Coordinates(
            Math.round(exact.latitude() * 10) / 10.0, Math.round(exact.longitude() * 10) / 10.0);
  }

  List<Location> locations() {
    return List.copyOf(locations);
  }
}
