package dev.meridian.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meridian.net.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random geo data, CIDR collections, and clients that lie at the edges of both. */
final class RandomPlaces {
  /** Beside the usual ones: countries whose code is a continent's too, and a territory. */
  private static final List<String> COUNTRIES =
      List.of(
          "US-WA 47.6,-122.3",
          "US-CA 37.4,-121.9",
          "US-NY 40.7,-74.0",
          "US 39.0,-95.0",
          "CA 45.4,-75.7",
          "PR 18.4,-66.1",
          "DE 50.1,8.7",
          "FR 48.9,2.4",
          "GB-ENG 51.5,-0.1",
          "TR 41.0,29.0",
          "JP 35.7,139.7",
          "CN 39.9,116.4",
          "IN 19.1,72.9",
          "AU -33.9,151.2",
          "FJ -17.8,-179.0",
          "BR -23.5,-46.6",
          "ZA -33.9,18.4",
          "NA -22.6,17.1",
          "AF 34.5,69.2",
          "AS -14.3,-170.7",
          "SA 24.7,46.7",
          "AQ -75.0,0.0");

  private static final int NETWORKS = 30;

  private final Random random;
  private final List<String> lines = new ArrayList<>();
  private final List<Prefix> edges = new ArrayList<>();
  private final ObjectNode collections = new ObjectMapper().createObjectNode();

  RandomPlaces(Random random) {
    this.random = random;
    Set<Prefix> taken = new HashSet<>();
    for (int i = 0; i < NETWORKS; i++) {
      Prefix network = i % 6 == 0 ? source(24) : prefix(10, 24, 36, 48);
      if (taken.add(network)) {
        lines.add(network + " " + COUNTRIES.get(random.nextInt(COUNTRIES.size())));
        edges.add(network);
      }
    }
    ArrayNode list = collections.putArray("CidrCollections");
    for (String id : List.of("c0000000-0000-4000-8000-000000000001", "c-2")) {
      collection(list.addObject().put("Id", id).put("Name", "of_" + id.length()));
    }
  }

  private void collection(ObjectNode collection) {
    ArrayNode locations = collection.putArray("Locations");
    Set<Prefix> taken = new HashSet<>();
    for (String name : List.of("one", "two", "three", "four")) {
      ArrayNode blocks = locations.addObject().put("LocationName", name).putArray("CidrBlocks");
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        Prefix block = random.nextInt(6) == 0 ? source(24) : prefix(8, 24, 20, 48);
        while (!taken.add(block)) {
          block = prefix(8, 24, 20, 48);
        }
        blocks.add(block.toString());
        edges.add(block);
      }
    }
  }

  /** In few bits, so that they nest. */
  private Prefix prefix(int ipv4Least, int ipv4Most, int ipv6Least, int ipv6Most) {
    if (random.nextInt(3) > 0) {
      long low = 0x6440_0000L | (long) random.nextInt(4) << 16 | (long) random.nextInt(64) << 8;
      return new Prefix(true, 0, low, random.nextInt(ipv4Least, ipv4Most + 1));
    }
    long high = 0x2001_0DB8_0000_0000L | (long) random.nextInt(8) << 29 | random.nextInt(4) << 16;
    return new Prefix(false, high, 0, random.nextInt(ipv6Least, ipv6Most + 1));
  }

  /** On loopback, so that a query can come from there. */
  private Prefix source(int length) {
    long low = 0x7F00_0000L | (long) random.nextInt(1, 5) << 16 | (long) random.nextInt(4) << 8;
    return new Prefix(true, 0, low, length);
  }

  /** An address of loopback that the places or blocks may know. */
  String loopback() {
    return "127." + random.nextInt(1, 5) + "." + random.nextInt(4) + "." + random.nextInt(1, 255);
  }

  /** An edge of what is known, just before or behind it, inside of it, or around it. */
  Prefix client() {
    return around(edges.get(random.nextInt(edges.size())));
  }

  private Prefix around(Prefix edge) {
    int most = edge.ipv4() ? 32 : 128;
    int usual = edge.ipv4() ? 24 : 56;
    int length =
        switch (random.nextInt(4)) {
          case 0 -> edge.length();
          case 1 -> random.nextInt(1, most + 1);
          case 2 -> Math.max(1, edge.length() - random.nextInt(4));
          default -> usual;
        };
    Prefix inside = Inside.of(edge, random);
    long step =
        switch (random.nextInt(3)) {
          case 0 -> 0;
          case 1 -> 1;
          default -> -1;
        };
    Prefix at = random.nextBoolean() ? inside : edge;
    return edge.ipv4()
        ? new Prefix(true, 0, (at.low() + (step << 8)) & 0xFFFF_FFFFL, length)
        : new Prefix(false, at.high() + (step << 16), at.low(), length);
  }

  List<String> lines() {
    return lines;
  }

  ObjectNode collections() {
    return collections;
  }
}
