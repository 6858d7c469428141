package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meridian.judge.RecordSet.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A random hosted zone in Route 53's JSON: every policy over every type that it may have, with
 * aliases that lead to groups made before.
 */
final class RandomZone {
  private static final List<String> NAMES =
      List.of(
          "",
          "www",
          "api",
          "*",
          "*.wild",
          "named.wild",
          "deep.er.est",
          "er.est",
          "a\\100b",
          "pool",
          "pool-1",
          "pool-2",
          "_dmarc",
          "x\\052y",
          "east",
          "west",
          "UPPER.lower");

  private static final List<String> TYPES =
      List.of("A", "AAAA", "TXT", "MX", "SRV", "CAA", "HTTPS");

  private final String apex;
  private final Random random;
  private final RandomChecks checks;
  private final RandomValues values;
  private final RandomRouting routing;
  private final ObjectNode json = new ObjectMapper().createObjectNode();
  private final ArrayNode sets = json.putArray("ResourceRecordSets");

  /** By type, the names of groups that an alias may lead to; other zones' too. */
  private final Map<String, List<String>> targets;

  RandomZone(
      String apex,
      Random random,
      RandomChecks checks,
      RandomRouting routing,
      RandomValues values,
      Map<String, List<String>> targets) {
    this.apex = apex;
    this.random = random;
    this.checks = checks;
    this.routing = routing;
    this.values = values;
    this.targets = targets;
    simple("", "SOA", 60 + random.nextInt(900), soa());
    simple("", "NS", 172800, "ns-1.awsdns-00.com.", "ns-2.awsdns-01.net");
    List<String> names = new ArrayList<>(NAMES);
    Collections.shuffle(names, random);
    for (String name : names.subList(0, 8 + random.nextInt(NAMES.size() - 8))) {
      owner(name);
    }
    shuffle();
  }

  /** Route 53 sorts; nothing may hang on that. */
  private void shuffle() {
    List<JsonNode> all = new ArrayList<>();
    sets.forEach(all::add);
    Collections.shuffle(all, random);
    sets.removeAll();
    sets.addAll(all);
  }

  private String soa() {
    return "ns-1.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 "
        + (random.nextBoolean() ? 86400 : 30 + random.nextInt(600));
  }

  ObjectNode json() {
    return json;
  }

  private void owner(String name) {
    if (!name.isEmpty() && random.nextInt(6) == 0) {
      group(name, "CNAME");
      return;
    }
    boolean any = false;
    for (String type : TYPES) {
      boolean often = type.equals("A") || type.equals("AAAA");
      if (random.nextInt(10) < (often ? 6 : 2)) {
        group(name, type);
        any = true;
      }
    }
    if (!any) {
      group(name, "A");
    }
  }

  private void group(String name, String type) {
    List<Policy> policies = new ArrayList<>(Arrays.asList(Policy.values()));
    if (type.equals("CNAME")) {
      policies.remove(Policy.MULTIVALUE);
    }
    Policy policy = policies.get(random.nextInt(policies.size()));
    long ttl = ttl();
    for (ObjectNode set : routing.group(policy)) {
      ObjectNode whole = sets.addObject().put("Name", written(name)).put("Type", type);
      whole.setAll(set);
      data(whole, type, policy, policy == Policy.WEIGHTED ? ttl : ttl());
    }
    targets.computeIfAbsent(type, _ -> new ArrayList<>()).add(full(name));
  }

  private long ttl() {
    return random.nextInt(8) == 0 ? random.nextInt(3) : 10 + random.nextInt(600);
  }

  private void data(ObjectNode set, String type, Policy policy, long ttl) {
    if (random.nextInt(5) < 2) {
      set.put("HealthCheckId", checks.any());
    }
    List<String> led = targets.getOrDefault(type, List.of());
    if (policy != Policy.MULTIVALUE && !led.isEmpty() && random.nextInt(5) < 2) {
      set.putObject("AliasTarget")
          .put("HostedZoneId", "Z0123456789ABCDEFGHIJ")
          .put("DNSName", decorated(led.get(random.nextInt(led.size()))))
          .put("EvaluateTargetHealth", random.nextInt(4) > 0);
      if (random.nextInt(10) == 0) {
        set.putArray("ResourceRecords");
      }
      return;
    }
    set.put("TTL", ttl);
    int count = type.equals("CNAME") ? 1 : 1 + random.nextInt(6) / 4 * random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      set.withArray("ResourceRecords").addObject().put("Value", value(type));
    }
  }

  private String value(String type) {
    boolean inZone = type.equals("CNAME") && random.nextInt(3) > 0;
    return inZone
        ? decorated(full(NAMES.get(random.nextInt(NAMES.size())))).replace("*", "any")
        : values.next(type);
  }

  private void simple(String name, String type, long ttl, String... of) {
    ObjectNode set = sets.addObject().put("Name", written(name)).put("Type", type);
    set.put("TTL", ttl);
    for (String value : of) {
      set.withArray("ResourceRecords").addObject().put("Value", value);
    }
  }

  private String full(String name) {
    return name.isEmpty() ? apex : name + "." + apex;
  }

  private String written(String name) {
    return decorated(full(name));
  }

  /** A name in one of the ways in which people write it. */
  private String decorated(String name) {
    String star = random.nextBoolean() ? name.replace("*", "\\052") : name;
    String shown =
        switch (random.nextInt(6)) {
          case 0 -> star.toUpperCase(Locale.ROOT);
          case 1 -> star.toLowerCase(Locale.ROOT);
          default -> star;
        };
    return random.nextInt(3) == 0 ? shown : shown + ".";
  }
}
