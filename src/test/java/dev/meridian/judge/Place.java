package dev.meridian.judge;

import org.jspecify.annotations.Nullable;

/**
 * Where a client is.
 *
 * @param country empty: nobody knows
 * @param subdivision empty if unknown
 */
record Place(String country, String subdivision, @Nullable Point point) {
  static final Place UNKNOWN = new Place("", "", null);

  /** A point on a sphere, in degrees. */
  record Point(double latitude, double longitude) {
    private static final double RADIUS_KM = 6371.0;

    double kilometres(Point other) {
      double a = Math.toRadians(latitude);
      double b = Math.toRadians(other.latitude);
      double across = Math.toRadians(other.longitude - longitude);
      double h =
          square(Math.sin((b - a) / 2)) + Math.cos(a) * Math.cos(b) * square(Math.sin(across / 2));
      return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    private static double square(double x) {
      return x * x;
    }
  }
}
