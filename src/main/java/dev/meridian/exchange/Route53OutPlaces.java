package dev.meridian.exchange;

import dev.meridian.exchange.Route53GroupWriter.Lossy;
import dev.meridian.exchange.Route53GroupWriter.Lossy.Part;
import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Regions;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.Latency;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes places, points and regions in Route 53's words, or the nearest that it has. */
final class Route53OutPlaces {
  private final Lossy lossy;

  Route53OutPlaces(Lossy lossy) {
    this.lossy = lossy;
  }

  /** The place in Route 53's words; empty if it has none for it. */
  static Map<String, Object> place(Geolocation.Key key) {
    if (key.isDefault()) {
      return Map.of("CountryCode", "*");
    }
    boolean network = key.asNumber() != 0 || key.geonameId() != 0 || !key.city().isEmpty();
    if (network) {
      return Map.of();
    }
    if (!key.continent().isEmpty()) {
      return Map.of("ContinentCode", key.continent());
    }
    if (key.subdivision().isEmpty()) {
      return Map.of("CountryCode", key.country());
    }
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("CountryCode", key.country());
    place.put("SubdivisionCode", key.subdivision());
    return key.country().equals("US") ? place : Map.of();
  }

  /** A region where there is one, else its coordinates. */
  Map<String, Object> point(Coordinates place) {
    Map<String, Object> location = new LinkedHashMap<>();
    String region = regionAt(place);
    if (region.isEmpty()) {
      location.put("Coordinates", coordinates(place));
    } else {
      location.put("AWSRegion", region);
    }
    return location;
  }

  private static String regionAt(Coordinates place) {
    return Regions.names().stream()
        .filter(name -> place.equals(Regions.coordinates(name).orElse(null)))
        .min(Comparator.naturalOrder())
        .orElse("");
  }

  private Map<String, Object> coordinates(Coordinates place) {
    Map<String, Object> coordinates = new LinkedHashMap<>();
    coordinates.put("Latitude", hundredths(place.latitude()));
    coordinates.put("Longitude", hundredths(place.longitude()));
    return coordinates;
  }

  private String hundredths(double degrees) {
    BigDecimal exact = BigDecimal.valueOf(degrees);
    BigDecimal cut = exact.setScale(2, RoundingMode.HALF_EVEN);
    if (cut.compareTo(exact) != 0) {
      lossy.tell(
          Part.PLACE,
          "coordinates have two decimals",
          exact.toPlainString() + " becomes " + cut.toPlainString());
    }
    return cut.stripTrailingZeros().toPlainString();
  }

  /** The region that is meant, or the nearest of AWS's; empty if nobody knows where it is. */
  String region(Latency.Site site) {
    Coordinates place = site.coordinates();
    if (Regions.coordinates(site.region()).isPresent()) {
      return site.region();
    }
    String nearest =
        place == null
            ? ""
            : Regions.names().stream()
                .min(
                    Comparator.comparingDouble(
                        name -> place.distanceKm(Regions.coordinates(name).orElseThrow())))
                .orElse("");
    lossy.tell(
        Part.REGION,
        "latency is between AWS's own regions",
        nearest.isEmpty()
            ? "'" + site.region() + "' is left out"
            : nearest + " instead of '" + site.region() + "'");
    return nearest;
  }
}
