package dev.meridian.geo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives locations their numbers while a database is read. Networks in one country and subdivision
 * whose coordinates agree to a tenth of a degree (11 km) share a number; no public database is
 * right to less. Owned by one thread.
 */
final class LocationTable {
  private final List<Location> locations = new ArrayList<>(List.of(Location.UNKNOWN));
  private final Map<Location, Integer> numbers = new HashMap<>();

  LocationTable() {
    numbers.put(Location.UNKNOWN, 0);
  }

  /** The number of a place; the city's name is kept of the first place that has it. */
  int number(
      String continent,
      String country,
      String subdivision,
      String city,
      @Nullable Coordinates coordinates) {
    Coordinates rounded = coordinates == null ? null : rounded(coordinates);
    Location key = new Location(continent, country, subdivision, "", rounded);
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    int number = locations.size();
    locations.add(new Location(continent, country, subdivision, city, rounded));
    numbers.put(key, number);
    return number;
  }

  private static Coordinates rounded(Coordinates exact) {
    return new Coordinates(
        Math.round(exact.latitude() * 10) / 10.0, Math.round(exact.longitude() * 10) / 10.0);
  }

  List<Location> locations() {
    return List.copyOf(locations);
  }
}
