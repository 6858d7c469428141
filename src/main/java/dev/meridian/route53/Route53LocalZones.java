package dev.meridian.route53;

import dev.meridian.geo.Coordinates;
import java.util.Map;
import java.util.Optional;

/**
 * Where AWS Local Zones are, about: the middle of the metropolis in the name of each group. AWS
 * does not publish coordinates; nobody has checked these against where the buildings stand.
 */
final class Route53LocalZones {
  private static final Map<String, Coordinates> BY_METRO = table();

  private Route53LocalZones() {}

  /** The place of a group such as {@code us-west-2-den-1}; empty if nothing is known of it. */
  static Optional<Coordinates> coordinates(String group) {
    String[] parts = group.split("-", -1);
    return parts.length == 5 ? Optional.ofNullable(BY_METRO.get(parts[3])) : Optional.empty();
  }

  private static Map<String, Coordinates> table() {
    String rows =
        """
        atl 33.7 -84.4
        bos 42.4 -71.1
        chi 41.9 -87.6
        dfw 32.8 -96.8
        den 39.7 -105.0
        hnl 21.3 -157.9
        iah 29.8 -95.4
        mci 39.1 -94.6
        las 36.2 -115.1
        lax 34.1 -118.2
        mia 25.8 -80.2
        msp 45.0 -93.3
        nyc 40.7 -74.0
        phl 40.0 -75.2
        phx 33.4 -112.1
        pdx 45.5 -122.7
        sea 47.6 -122.3
        bue -34.6 -58.4
        scl -33.4 -70.7
        lim -12.0 -77.0
        qro 20.6 -100.4
        cph 55.7 12.6
        hel 60.2 24.9
        ham 53.6 10.0
        waw 52.2 21.0
        los 6.5 3.4
        mct 23.6 58.4
        bkk 13.8 100.5
        ccu 22.6 88.4
        del 28.6 77.2
        mnl 14.6 121.0
        per -32.0 115.9
        akl -36.8 174.8
        tpe 25.0 121.5
        """;
    return Coordinates.table(rows);
  }
}
