package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CidrCollections: blocks by collection and location. */
final class Blocks {
  private final Map<String, List<Prefix>> blocks = new HashMap<>();

  Blocks(JsonNode json) {
    for (JsonNode collection : json.path("CidrCollections")) {
      for (JsonNode location : collection.path("Locations")) {
        List<Prefix> of = new ArrayList<>();
        location.path("CidrBlocks").forEach(block -> of.add(Prefix.parse(block.asText())));
        blocks.put(key(collection.path("Id").asText(), location.path("LocationName").asText()), of);
      }
    }
  }

  private static String key(String collection, String location) {
    return collection + " " + location;
  }

  List<Prefix> all() {
    return blocks.values().stream().flatMap(List::stream).toList();
  }

  /** Length of the longest block that covers the client; 0 for {@code *}, -1 for none. */
  int longest(JsonNode routing, Client client) {
    String location = routing.path("LocationName").asText();
    if (location.equals("*")) {
      return 0;
    }
    return blocks
        .getOrDefault(key(routing.path("CollectionId").asText(), location), List.of())
        .stream()
        .filter(block -> block.contains(client.prefix()))
        .mapToInt(Prefix::length)
        .max()
        .orElse(-1);
  }
}
