package dev.meridian.judge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random hosted zones and all that stands beside them, from one seed. */
final class RandomWorld {
  private final Random random;
  private final RandomPlaces places;
  private final RandomChecks checks;
  private final Map<String, ObjectNode> zones = new LinkedHashMap<>();

  RandomWorld(long seed) {
    random = new Random(seed);
    places = new RandomPlaces(random);
    checks = new RandomChecks(seed, random);
    RandomRouting routing = new RandomRouting(random, places.collections());
    RandomValues values = new RandomValues(random);
    Map<String, List<String>> targets = new HashMap<>();
    for (String apex : random.nextInt(3) == 0 ? List.of("u.test", "t.test") : List.of("t.test")) {
      zones.put(apex, new RandomZone(apex, random, checks, routing, values, targets).json());
    }
  }

  /** The zone folder. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    zones.forEach((apex, json) -> files.put(apex + ".route53.json", json.toPrettyString()));
    files.put("health-checks.route53.json", checks.json().toPrettyString());
    files.put("cidr-collections.route53.json", places.collections().toPrettyString());
    return files;
  }

  Map<String, ObjectNode> zones() {
    return zones;
  }

  RandomPlaces places() {
    return places;
  }

  RandomChecks checks() {
    return checks;
  }

  Random random() {
    return random;
  }
}
