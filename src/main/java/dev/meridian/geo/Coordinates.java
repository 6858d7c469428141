package dev.meridian.geo;

import java.util.Map;
import java.util.TreeMap;

/**
 * A point on the globe.
 *
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180
 */
public record Coordinates(double latitude, double longitude) {
  /** Mean radius of the Earth; a sphere is exact enough for databases that are right to 16 km. */
  public static final double EARTH_RADIUS_KM = 6371.0;

  /** Checks the ranges; NaN is outside of them. */
  public Coordinates {
    if (!(latitude >= -90 && latitude <= 90)) {
      throw new IllegalArgumentException("latitude " + latitude + " is not in -90..90");
    }
    if (!(longitude >= -180 && longitude <= 180)) {
      throw new IllegalArgumentException("longitude " + longitude + " is not in -180..180");
    }
  }

  /**
   * A table of places: a line for each with name, latitude and longitude, in the order of names.
   */
  public static Map<String, Coordinates> table(String rows) {
    Map<String, Coordinates> table = new TreeMap<>();
    rows.lines()
        .map(row -> row.split(" ", -1))
        .forEach(
            cells ->
                table.put(
                    cells[0],
                    new Coordinates(Double.parseDouble(cells[1]), Double.parseDouble(cells[2]))));
    return table;
  }

  /** Great-circle distance in kilometres (haversine). */
  public double distanceKm(Coordinates other) {
    double lat1 = Math.toRadians(latitude);
    double lat2 = Math.toRadians(other.latitude);
    double dLat = lat2 - lat1;
    double dLon = Math.toRadians(other.longitude - longitude);
    double a =
        Math.sin(dLat / 2) * Math.sin(dLat / 2)
            + Math.cos(lat1) * Math.cos(lat2) * Math.sin(dLon / 2) * Math.sin(dLon / 2);
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
  }
}
