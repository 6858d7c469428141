package dev.meridian.geo;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Where AWS regions are. AWS does not publish coordinates: these are those of the metropolis each
 * region is named after, which public sources give alike to within about 100 km.
 */
public final class Regions {
  private static final Map<String, Coordinates> TABLE = table();

  private Regions() {}

  /**
   * The coordinates of a region by its AWS name, {@code eu-west-1}; empty if there is none such.
   */
  public static Optional<Coordinates> coordinates(String region) {
    return Optional.ofNullable(TABLE.get(region));
  }

  /** Every region name, in alphabetical order. */
  public static Collection<String> names() {
    return TABLE.keySet();
  }

  private static Map<String, Coordinates> table() {
    String rows =
        """
        us-east-1 39.0 -77.5
        us-east-2 40.0 -83.0
        us-west-1 37.4 -121.9
        us-west-2 45.8 -119.7
        us-gov-east-1 40.0 -83.0
        us-gov-west-1 45.8 -119.7
        ca-central-1 45.5 -73.6
        ca-west-1 51.0 -114.1
        mx-central-1 20.6 -100.4
        sa-east-1 -23.5 -46.6
        eu-west-1 53.3 -6.3
        eu-west-2 51.5 -0.1
        eu-west-3 48.9 2.4
        eu-central-1 50.1 8.7
        eu-central-2 47.4 8.5
        eu-north-1 59.3 18.1
        eu-south-1 45.5 9.2
        eu-south-2 41.7 -0.9
        eusc-de-east-1 52.4 13.1
        af-south-1 -33.9 18.4
        il-central-1 32.1 34.8
        me-south-1 26.1 50.6
        me-central-1 25.0 55.1
        ap-south-1 19.1 72.9
        ap-south-2 17.4 78.5
        ap-southeast-1 1.3 103.8
        ap-southeast-2 -33.9 151.2
        ap-southeast-3 -6.2 106.8
        ap-southeast-4 -37.8 145.0
        ap-southeast-5 3.1 101.7
        ap-southeast-6 -36.8 174.8
        ap-southeast-7 13.8 100.5
        ap-northeast-1 35.7 139.7
        ap-northeast-2 37.6 127.0
        ap-northeast-3 34.7 135.5
        ap-east-1 22.3 114.2
        ap-east-2 25.0 121.5
        cn-north-1 39.9 116.4
        cn-northwest-1 37.5 105.2
        """;
    return Coordinates.table(rows);
  }
}
