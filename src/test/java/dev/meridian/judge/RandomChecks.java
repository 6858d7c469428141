package dev.meridian.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random HealthChecks: of endpoints, calculated ones, inverted and disabled ones. */
final class RandomChecks {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TYPES =
      List.of("TCP", "HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH");
  private static final int ENDPOINTS = 8;
  private static final int CALCULATED = 3;

  /** Each has a port of its own, and nobody listens. */
  private static final int FIRST_PORT = 2;

  private final Random random;
  private final String prefix;
  private final ArrayNode list;
  private final ObjectNode json;
  private final List<String> probed = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final Map<Integer, String> ports = new LinkedHashMap<>();

  RandomChecks(long seed, Random random) {
    this.random = random;
    this.prefix = "%08x-1111-4222-8333-".formatted(seed & 0xFFFF_FFFFL);
    this.json = JSON.createObjectNode();
    this.list = json.putArray("HealthChecks");
    for (int i = 0; i < ENDPOINTS; i++) {
      endpoint();
    }
    List<String> children = List.copyOf(ids);
    for (int i = 0; i < CALCULATED; i++) {
      calculated(children);
    }
    alarm();
  }

  private ObjectNode config(String type) {
    String id = prefix + "%012x".formatted(ids.size());
    ids.add(id);
    ObjectNode config =
        list.addObject()
            .put("Id", id)
            .put("CallerReference", "reference " + ids.size())
            .put("HealthCheckVersion", 1)
            .putObject("HealthCheckConfig");
    return config.put("Type", type);
  }

  private void endpoint() {
    String type = TYPES.get(random.nextInt(TYPES.size()));
    ObjectNode config =
        config(type).put("IPAddress", "127.0.0.1").put("Port", FIRST_PORT + ids.size());
    config.put("RequestInterval", 30).put("FailureThreshold", 1 + random.nextInt(3));
    if (!type.equals("TCP")) {
      config.put("ResourcePath", "/health").put("FullyQualifiedDomainName", "www.example.com");
    }
    if (type.endsWith("STR_MATCH")) {
      config.put("SearchString", "fine");
    }
    if (type.startsWith("HTTPS")) {
      config.put("EnableSNI", true);
    }
    config.put("MeasureLatency", false).put("Inverted", random.nextInt(5) == 0);
    boolean disabled = random.nextInt(5) == 0;
    config.put("Disabled", disabled);
    if (!disabled) {
      probed.add(ids.getLast());
      ports.put(config.path("Port").asInt(), ids.getLast());
    }
  }

  private void calculated(List<String> of) {
    ObjectNode config = config("CALCULATED");
    ArrayNode children = config.putArray("ChildHealthChecks");
    for (String child : of) {
      if (random.nextInt(3) == 0) {
        children.add(child);
      }
    }
    if (children.isEmpty()) {
      children.add(of.getFirst());
    }
    config.put("HealthThreshold", random.nextInt(children.size() + 2));
    config.put("Inverted", random.nextInt(4) == 0).put("Disabled", random.nextInt(6) == 0);
  }

  private void alarm() {
    ObjectNode config = config("CLOUDWATCH_METRIC");
    config.putObject("AlarmIdentifier").put("Region", "us-east-1").put("Name", "load");
    config.put("InsufficientDataHealthStatus", "LastKnownStatus");
    config.put("Inverted", random.nextInt(2) == 0).put("Disabled", random.nextInt(6) == 0);
  }

  String any() {
    return ids.get(random.nextInt(ids.size()));
  }

  /** Those whose status hangs on what probes find. */
  List<String> probed() {
    return probed;
  }

  /** The same by the port that they probe. */
  Map<Integer, String> ports() {
    return ports;
  }

  ObjectNode json() {
    return json;
  }
}
