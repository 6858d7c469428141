package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.judge.Place.Point;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The candidates of a group in the order in which its policy prefers them for one client: {@code
 * policy.order(group, client)}.
 */
final class Preference {
  /** Differences of distance, relative, that are nobody's business: rounding. */
  private static final double ROUNDING = 1e-6;

  /** The same where somebody's idea of where a local zone is goes into it. */
  private static final double VAGUE = 0.2;

  private final Blocks blocks;
  private final Client client;
  private boolean close;

  Preference(Blocks blocks, Client client) {
    this.blocks = blocks;
    this.client = client;
  }

  /** Whether some order so far hung on less than can be known. */
  boolean isClose() {
    return close;
  }

  List<RecordSet> order(List<RecordSet> group) {
    if (group.isEmpty()) {
      return group;
    }
    return switch (group.getFirst().policy()) {
      case SIMPLE, WEIGHTED, MULTIVALUE -> group;
      case FAILOVER ->
          group.stream().sorted(Comparator.comparing(each -> !each.isPrimary())).toList();
      case GEOLOCATION -> byPlace(group);
      case GEOPROXIMITY -> byDistance(group, each -> biased(each), VAGUE);
      case LATENCY -> byLatency(group);
      case IP_BASED ->
          group.stream()
              .filter(each -> block(each) >= 0)
              .sorted(Comparator.comparingInt(each -> -block(each)))
              .toList();
    };
  }

  /** State, country, continent, default; a client that is nowhere has the default only. */
  private List<RecordSet> byPlace(List<RecordSet> group) {
    Place place = client.place();
    Stream<String> places =
        place.country().isEmpty()
            ? Stream.of("*")
            : Stream.of(
                place.country() + "-" + place.subdivision(),
                place.country(),
                "continent " + Atlas.continent(place.country()),
                "*");
    return places.flatMap(key -> group.stream().filter(each -> key(each).equals(key))).toList();
  }

  private static String key(RecordSet set) {
    JsonNode location = set.json().path("GeoLocation");
    if (location.has("ContinentCode")) {
      return "continent " + location.path("ContinentCode").asText();
    }
    String country = location.path("CountryCode").asText();
    return location.has("SubdivisionCode")
        ? country + "-" + location.path("SubdivisionCode").asText()
        : country;
  }

  /** In China, cn-north-1 comes first. */
  private List<RecordSet> byLatency(List<RecordSet> group) {
    List<RecordSet> ordered =
        byDistance(group, each -> kilometres(Atlas.region(region(each))), ROUNDING);
    return client.place().country().equals("CN")
        ? ordered.stream()
            .sorted(Comparator.comparing(each -> !region(each).equals("cn-north-1")))
            .toList()
        : ordered;
  }

  private static String region(RecordSet set) {
    return set.json().path("Region").asText();
  }

  private List<RecordSet> byDistance(
      List<RecordSet> group, ToDoubleFunction<RecordSet> distance, double vague) {
    List<RecordSet> ordered = new ArrayList<>(group);
    ordered.sort(Comparator.comparingDouble(distance).thenComparing(RecordSet::id));
    for (int i = 1; i < ordered.size(); i++) {
      double near = distance.applyAsDouble(ordered.get(i - 1));
      double far = distance.applyAsDouble(ordered.get(i));
      boolean zones = isLocalZone(ordered.get(i - 1)) || isLocalZone(ordered.get(i));
      close |= near != far && far - near < far * (zones ? vague : ROUNDING);
    }
    return ordered;
  }

  private static boolean isLocalZone(RecordSet set) {
    return set.json().path("GeoProximityLocation").has("LocalZoneGroup");
  }

  private double kilometres(Point point) {
    Point here = client.place().point();
    return here == null ? 1 : here.kilometres(point);
  }

  private double biased(RecordSet set) {
    JsonNode location = set.json().path("GeoProximityLocation");
    double bias = location.path("Bias").asInt() / 100.0;
    double actual = kilometres(point(location));
    return bias >= 0 ? actual * (1 - bias) : actual / (1 + bias);
  }

  private static Point point(JsonNode location) {
    if (location.has("AWSRegion")) {
      return Atlas.region(location.path("AWSRegion").asText());
    }
    if (location.has("LocalZoneGroup")) {
      return Atlas.localZone(location.path("LocalZoneGroup").asText());
    }
    JsonNode coordinates = location.path("Coordinates");
    return new Point(
        truncated(coordinates.path("Latitude").asText()),
        truncated(coordinates.path("Longitude").asText()));
  }

  /** Route 53 keeps two decimals. */
  private static double truncated(String degrees) {
    return new BigDecimal(degrees).setScale(2, RoundingMode.DOWN).doubleValue();
  }

  private int block(RecordSet set) {
    return blocks.longest(set.json().path("CidrRoutingConfig"), client);
  }
}
