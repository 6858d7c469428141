package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meridian.judge.RecordSet.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random groups: SetIdentifiers and the property of one policy. */
final class RandomRouting {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PLACES =
      List.of(
          "*", "*", "EU", "NA", "AS", "OC", "SA", "AF", "AN", "=DE", "=FR", "=US", "=CA", "=JP",
          "=CN", "=NA", "=AF", "=AS", "=SA", "=PR", "=GB", "US-WA", "US-CA", "US-NY");
  private static final List<String> LOCATIONS = List.of("one", "two", "three", "four", "*");

  private final Random random;
  private final JsonNode collections;

  RandomRouting(Random random, JsonNode collections) {
    this.random = random;
    this.collections = collections.path("CidrCollections");
  }

  List<ObjectNode> group(Policy policy) {
    int size = 1 + random.nextInt(5);
    return switch (policy) {
      case SIMPLE -> List.of(JSON.createObjectNode());
      case WEIGHTED -> weighted(size);
      case FAILOVER -> failover();
      case GEOLOCATION -> geolocation(2 + size);
      case GEOPROXIMITY -> geoproximity(size);
      case LATENCY -> latency(size);
      case MULTIVALUE -> multivalue(random.nextInt(3) == 0 ? 9 + random.nextInt(3) : size);
      case IP_BASED -> ipBased(size);
    };
  }

  /** SetIdentifiers in an order of their own: nothing but ties may hang on them. */
  private List<ObjectNode> named(int size) {
    List<ObjectNode> sets = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ids.add(random.nextInt(4) == 0 ? "Set \"" + i + "\" / \u00e4" : "s" + i);
    }
    Collections.shuffle(ids, random);
    ids.forEach(id -> sets.add(JSON.createObjectNode().put("SetIdentifier", id)));
    return sets;
  }

  private List<ObjectNode> weighted(int size) {
    boolean allZero = random.nextInt(5) == 0;
    List<ObjectNode> sets = named(size);
    for (ObjectNode set : sets) {
      boolean zero = allZero || random.nextInt(3) == 0;
      set.put("Weight", zero ? 0 : random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(255));
    }
    return sets;
  }

  private List<ObjectNode> failover() {
    List<ObjectNode> sets = named(random.nextInt(6) == 0 ? 1 : 2);
    boolean first = random.nextBoolean();
    for (int i = 0; i < sets.size(); i++) {
      sets.get(i).put("Failover", first == (i == 0) ? "PRIMARY" : "SECONDARY");
    }
    return sets;
  }

  private <T> List<T> some(List<T> of, int size) {
    List<T> shuffled = new ArrayList<>(of.stream().distinct().toList());
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, Math.min(size, shuffled.size()));
  }

  private List<ObjectNode> geolocation(int size) {
    List<String> places = new ArrayList<>(some(PLACES, size));
    if (random.nextInt(3) > 0 && !places.contains("*")) {
      places.add("*");
    }
    List<ObjectNode> sets = named(places.size());
    for (int i = 0; i < places.size(); i++) {
      String place = places.get(i);
      ObjectNode location = sets.get(i).putObject("GeoLocation");
      if (place.startsWith("US-")) {
        location.put("CountryCode", "US").put("SubdivisionCode", place.substring(3));
      } else if (place.startsWith("=") || place.equals("*")) {
        location.put("CountryCode", place.replace("=", ""));
      } else {
        location.put("ContinentCode", place);
      }
    }
    return sets;
  }

  private List<ObjectNode> geoproximity(int size) {
    List<ObjectNode> sets = named(size);
    for (ObjectNode set : sets) {
      ObjectNode location = set.putObject("GeoProximityLocation");
      switch (random.nextInt(5)) {
        case 0, 1 -> location.put("AWSRegion", one(Atlas.regions()));
        case 2 -> location.put("LocalZoneGroup", one(Atlas.localZones()));
        default ->
            location
                .putObject("Coordinates")
                .put("Latitude", degrees(90))
                .put("Longitude", degrees(180));
      }
      if (random.nextInt(3) > 0) {
        location.put("Bias", random.nextInt(4) == 0 ? 0 : random.nextInt(-99, 100));
      }
    }
    return sets;
  }

  private String degrees(int most) {
    int whole = random.nextInt(-most + 1, most);
    String sign = whole >= 0 && random.nextInt(4) == 0 ? "+" : "";
    return sign
        + switch (random.nextInt(4)) {
          case 0 -> "" + whole;
          case 1 -> whole + "." + random.nextInt(10);
          case 2 -> whole + ".";
          default -> whole + "." + random.nextInt(10) + random.nextInt(10);
        };
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private List<ObjectNode> latency(int size) {
    List<String> regions = some(Atlas.regions(), size);
    List<ObjectNode> sets = named(regions.size());
    for (int i = 0; i < regions.size(); i++) {
      boolean china = i == 0 && random.nextInt(4) == 0 && !regions.contains("cn-north-1");
      sets.get(i).put("Region", china ? "cn-north-1" : regions.get(i));
    }
    return sets;
  }

  private List<ObjectNode> multivalue(int size) {
    List<ObjectNode> sets = named(size);
    sets.forEach(set -> set.put("MultiValueAnswer", true));
    return sets;
  }

  private List<ObjectNode> ipBased(int size) {
    List<String> locations = some(LOCATIONS, size);
    String collection = collections.get(random.nextInt(collections.size())).path("Id").asText();
    List<ObjectNode> sets = named(locations.size());
    for (int i = 0; i < locations.size(); i++) {
      sets.get(i)
          .putObject("CidrRoutingConfig")
          .put("CollectionId", collection)
          .put("LocationName", locations.get(i));
    }
    return sets;
  }
}
