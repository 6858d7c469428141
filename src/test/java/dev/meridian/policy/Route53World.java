package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Location;
import dev.meridian.geo.Regions;
import dev.meridian.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A random hosted zone: its JSON, and what Route 53's documentation says that it answers. Knows
 * nothing of how Meridian reads or compiles it.
 */
final class Route53World {
  static final int CHECKS = 6;
  static final String ELSEWHERE = "lb.elb.test.";
  private static final List<String> KINDS =
      List.of("simple", "weighted", "failover", "geo", "latency", "near", "cidr", "multi");
  private static final List<String> PLACES =
      List.of("*", "EU", "NA", "AS", "DE", "US", "JP", "US-WA", "US-CA");
  private static final List<String> REGIONS =
      List.of("us-east-1", "eu-west-1", "cn-north-1", "ap-northeast-1", "us-west-2");

  /**
   * A record set.
   *
   * @param number weight, bias, or 0 for PRIMARY
   * @param text place, region or CIDR location
   * @param check number of its health check, or -1
   * @param alias where it leads; empty: to its values
   */
  record Rr(
      String name,
      String type,
      String id,
      String kind,
      int number,
      String text,
      int check,
      String alias,
      boolean evaluate,
      int ttl,
      List<String> values) {}

  record Result(Map<Set<String>, Double> answers, boolean healthy) {}

  final Map<String, List<Rr>> groups = new LinkedHashMap<>();
  private final Map<String, List<Prefix>> locations = new LinkedHashMap<>();
  private final RandomPolicies prefixes;
  private final Random random;
  private int addresses;

  Route53World(long seed, RandomPolicies prefixes) {
    this.random = new Random(seed);
    this.prefixes = prefixes;
    Set<Prefix> taken = new HashSet<>();
    for (String location : List.of("one", "two", "three")) {
      List<Prefix> blocks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Prefix block = prefixes.prefix();
        if (taken.add(block)) {
          blocks.add(block);
        }
      }
      locations.put(location, blocks);
    }
    for (int i = 9; i >= 0; i--) {
      String name = (i == 0 ? "" : "n" + i + ".") + "t.test.";
      List<Rr> a = group(name, "A");
      groups.put(key(name, "A"), a);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          List<Rr> same = a.stream().map(this::asAaaa).toList();
          if (same.stream().allMatch(this::isPossible)) {
            groups.put(key(name, "AAAA"), same);
          }
        }
        case 2 -> groups.put(key(name, "AAAA"), group(name, "AAAA"));
        default -> {}
      }
    }
  }

  private static String key(String name, String type) {
    return name + " " + type;
  }

  private boolean isPossible(Rr rr) {
    return rr.alias().isEmpty()
        || rr.alias().equals(ELSEWHERE)
        || groups.containsKey(key(rr.alias(), rr.type()));
  }

  private Rr asAaaa(Rr rr) {
    List<String> values = rr.values().stream().map(_ -> address("AAAA")).toList();
    return new Rr(
        rr.name(),
        "AAAA",
        rr.id(),
        rr.kind(),
        rr.number(),
        rr.text(),
        rr.check(),
        rr.alias(),
        rr.evaluate(),
        rr.ttl(),
        values);
  }

  private String address(String type) {
    addresses++;
    return type.equals("A")
        ? "10.0." + addresses / 200 + "." + addresses % 200
        : "2001:db8::" + Integer.toHexString(addresses);
  }

  private List<Rr> group(String name, String type) {
    String kind = KINDS.get(random.nextInt(KINDS.size()));
    int size = 1 + random.nextInt(4);
    size = kind.equals("simple") ? 1 : kind.equals("failover") ? Math.min(2, size) : size;
    List<String> texts = new ArrayList<>(texts(kind));
    java.util.Collections.shuffle(texts, random);
    int ttl = 10 * (1 + random.nextInt(3));
    int role = random.nextInt(2);
    List<Rr> group = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int number =
          switch (kind) {
            case "weighted" -> random.nextInt(3) == 0 ? 0 : random.nextInt(1, 100);
            case "failover" -> (role + i) % 2;
            case "near" -> random.nextInt(-99, 100);
            default -> 0;
          };
      String text = texts.isEmpty() ? "" : texts.get(i);
      group.add(set(name, type, kind, i, number, text, ttl));
    }
    return group;
  }

  private List<String> texts(String kind) {
    return switch (kind) {
      case "geo" -> PLACES;
      case "latency", "near" -> REGIONS;
      case "cidr" -> List.of("one", "two", "three", "*");
      default -> List.of();
    };
  }

  private Rr set(String name, String type, String kind, int i, int number, String text, int ttl) {
    List<String> targets =
        groups.keySet().stream()
            .filter(key -> key.endsWith(" " + type))
            .map(key -> key.substring(0, key.indexOf(' ')))
            .toList();
    boolean isAlias = !kind.equals("multi") && random.nextInt(2) == 0;
    String alias = "";
    if (isAlias && random.nextInt(6) == 0) {
      alias = ELSEWHERE;
    } else if (isAlias && !targets.isEmpty()) {
      alias = targets.get(random.nextInt(targets.size()));
    }
    List<String> values = new ArrayList<>();
    for (int j = random.nextInt(4) / 3; alias.isEmpty() && j >= 0; j--) {
      values.add(address(type));
    }
    String id = kind.equals("simple") ? "" : "s" + random.nextInt(50) * 4 + i;
    int check = random.nextInt(5) < 2 ? random.nextInt(CHECKS) : -1;
    boolean evaluate = random.nextInt(4) > 0;
    return new Rr(name, type, id, kind, number, text, check, alias, evaluate, ttl, values);
  }

  // ---- JSON

  String recordSets() {
    String apex =
        """
        {"Name":"t.test.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
        {"Name":"t.test.","Type":"NS","TTL":60,"ResourceRecords":[{"Value":"ns.example.net."}]},
        """;
    return groups.values().stream()
        .flatMap(List::stream)
        .map(Route53World::json)
        .collect(Collectors.joining(",\n", "{\"ResourceRecordSets\":[\n" + apex, "]}"));
  }

  private static String json(Rr rr) {
    List<String> parts = new ArrayList<>();
    parts.add("\"Name\":\"" + rr.name() + "\"");
    parts.add("\"Type\":\"" + rr.type() + "\"");
    if (!rr.id().isEmpty()) {
      parts.add("\"SetIdentifier\":\"" + rr.id() + "\"");
      parts.add(routing(rr));
    }
    if (rr.check() >= 0) {
      parts.add("\"HealthCheckId\":\"h" + rr.check() + "\"");
    }
    if (rr.alias().isEmpty()) {
      parts.add("\"TTL\":" + rr.ttl());
      parts.add(
          rr.values().stream()
              .map(value -> "{\"Value\":\"" + value + "\"}")
              .collect(Collectors.joining(",", "\"ResourceRecords\":[", "]")));
    } else {
      parts.add(
          "\"AliasTarget\":{\"HostedZoneId\":\"Z\",\"DNSName\":\""
              + rr.alias()
              + "\",\"EvaluateTargetHealth\":"
              + rr.evaluate()
              + "}");
    }
    return "{" + String.join(",", parts) + "}";
  }

  private static String routing(Rr rr) {
    return switch (rr.kind()) {
      case "weighted" -> "\"Weight\":" + rr.number();
      case "failover" -> "\"Failover\":\"" + (rr.number() == 0 ? "PRIMARY" : "SECONDARY") + "\"";
      case "geo" -> "\"GeoLocation\":" + place(rr.text());
      case "latency" -> "\"Region\":\"" + rr.text() + "\"";
      case "near" ->
          "\"GeoProximityLocation\":{\"AWSRegion\":\""
              + rr.text()
              + "\",\"Bias\":"
              + rr.number()
              + "}";
      case "cidr" ->
          "\"CidrRoutingConfig\":{\"CollectionId\":\"c\",\"LocationName\":\"" + rr.text() + "\"}";
      default -> "\"MultiValueAnswer\":true";
    };
  }

  private static String place(String text) {
    if (text.contains("-")) {
      return "{\"CountryCode\":\"US\",\"SubdivisionCode\":\"" + text.substring(3) + "\"}";
    }
    boolean continent = List.of("EU", "NA", "AS").contains(text);
    return "{\"" + (continent ? "ContinentCode" : "CountryCode") + "\":\"" + text + "\"}";
  }

  static String healthChecks() {
    List<String> checks = new ArrayList<>();
    for (int i = 0; i < CHECKS; i++) {
      checks.add(
          "{\"Id\":\"h"
              + i
              + "\",\"HealthCheckConfig\":{\"Type\":\"TCP\",\"Port\":443,\"IPAddress\":\"192.0.2."
              + i
              + "\"}}");
    }
    return "{\"HealthChecks\":[" + String.join(",", checks) + "]}";
  }

  String collections() {
    return locations.entrySet().stream()
        .map(
            entry ->
                "{\"LocationName\":\""
                    + entry.getKey()
                    + "\",\"CidrBlocks\":["
                    + entry.getValue().stream()
                        .map(block -> "\"" + block + "\"")
                        .collect(Collectors.joining(","))
                    + "]}")
        .collect(
            Collectors.joining(
                ",", "{\"CidrCollections\":[{\"Id\":\"c\",\"Name\":\"c\",\"Locations\":[", "]}]}"));
  }

  // ---- what Route 53 answers

  /** select(group, client), as the documentation has it. */
  final class Asked {
    private final Location place;
    private final Prefix client;
    private final Set<Integer> down;
    private final Map<String, List<String>> elsewhere;

    /**
     * @param elsewhere by type, what the name outside of the zone resolved to; without a type that
     *     nobody has answered yet
     */
    Asked(Prefix client, Set<Integer> down, Map<String, List<String>> elsewhere) {
      this.elsewhere = elsewhere;
      this.place = prefixes.geo.lookup(client).location();
      this.client = client;
      this.down = down;
    }

    Result answer(String name, String type) {
      List<Rr> group = groups.getOrDefault(key(name, type), List.of());
      List<Rr> applicable = order(group);
      List<Rr> candidates = applicable.stream().filter(rr -> !isUnknown(rr)).toList();
      if (candidates.isEmpty()) {
        boolean failure = !applicable.isEmpty();
        return new Result(Map.of(failure ? Set.of(Distributions.FAILURE) : Set.of(), 1.0), false);
      }
      List<Rr> healthy = candidates.stream().filter(this::isHealthy).toList();
      return new Result(pick(healthy.isEmpty() ? candidates : healthy), !healthy.isEmpty());
    }

    /** Whether all that a record set leads to is outside of the zone and not resolved. */
    private boolean isUnknown(Rr rr) {
      if (rr.alias().isEmpty() || rr.alias().equals(ELSEWHERE)) {
        return !rr.alias().isEmpty() && !elsewhere.containsKey(rr.type());
      }
      return answer(rr.alias(), rr.type()).answers().containsKey(Set.of(Distributions.FAILURE));
    }

    private boolean isHealthy(Rr rr) {
      boolean own = !down.contains(rr.check());
      boolean alias = !rr.alias().isEmpty() && rr.evaluate();
      if (alias && rr.alias().equals(ELSEWHERE)) {
        return own && elsewhere.values().stream().anyMatch(addresses -> !addresses.isEmpty());
      }
      return own && (!alias || answer(rr.alias(), rr.type()).healthy());
    }

    private List<Rr> order(List<Rr> group) {
      return switch (group.getFirst().kind()) {
        case "failover" -> group.stream().sorted(Comparator.comparingInt(Rr::number)).toList();
        case "geo" ->
            List.of(
                    place.country() + "-" + place.subdivision(),
                    place.country(),
                    place.continent(),
                    "*")
                .stream()
                .flatMap(text -> group.stream().filter(rr -> rr.text().equals(text)))
                .toList();
        case "latency" ->
            group.stream()
                .sorted(
                    Comparator.comparing((Rr rr) -> !isChina(rr))
                        .thenComparingDouble(this::kilometres)
                        .thenComparing(Rr::id))
                .toList();
        case "near" ->
            group.stream()
                .sorted(Comparator.comparingDouble(this::biased).thenComparing(Rr::id))
                .toList();
        case "cidr" ->
            group.stream()
                .filter(rr -> block(rr) >= 0)
                .sorted(Comparator.comparingInt(rr -> -block(rr)))
                .toList();
        default -> group;
      };
    }

    private boolean isChina(Rr rr) {
      return place.country().equals("CN") && rr.text().equals("cn-north-1");
    }

    private double kilometres(Rr rr) {
      Coordinates client = place.coordinates();
      return client == null ? 1 : client.distanceKm(Regions.coordinates(rr.text()).orElseThrow());
    }

    private double biased(Rr rr) {
      double bias = rr.number() / 100.0;
      return kilometres(rr) * (bias >= 0 ? 1 - bias : 1 / (1 + bias));
    }

    /** Length of the longest block around the client; 0 for the default, -1 for none. */
    private int block(Rr rr) {
      return rr.text().equals("*")
          ? 0
          : locations.getOrDefault(rr.text(), List.of()).stream()
              .filter(block -> block.contains(client))
              .mapToInt(Prefix::length)
              .max()
              .orElse(-1);
    }

    private Map<Set<String>, Double> pick(List<Rr> pool) {
      return switch (pool.getFirst().kind()) {
        case "weighted" -> weighted(pool);
        case "multi" -> {
          Map<Set<String>, Double> all = Map.of(Set.of(), 1.0);
          for (Rr rr : pool) {
            all = Distributions.join(all, flatten(rr));
          }
          yield all; // groups have less than nine
        }
        default -> flatten(pool.getFirst());
      };
    }

    private Map<Set<String>, Double> weighted(List<Rr> pool) {
      double total = pool.stream().mapToInt(Rr::number).sum();
      Map<Set<String>, Double> answers = new LinkedHashMap<>();
      for (Rr rr : pool) {
        double share = total == 0 ? 1.0 / pool.size() : rr.number() / total;
        if (share > 0) {
          flatten(rr).forEach((values, p) -> answers.merge(values, p * share, Double::sum));
        }
      }
      return answers;
    }

    private Map<Set<String>, Double> flatten(Rr rr) {
      if (rr.alias().equals(ELSEWHERE)) {
        Set<String> values = new TreeSet<>();
        elsewhere.getOrDefault(rr.type(), List.of()).forEach(value -> values.add(value + " 60"));
        return Map.of(values, 1.0);
      }
      if (!rr.alias().isEmpty()) {
        return answer(rr.alias(), rr.type()).answers();
      }
      Set<String> values = new TreeSet<>();
      rr.values().forEach(value -> values.add(value + " " + rr.ttl()));
      return Map.of(values, 1.0);
    }
  }
}
