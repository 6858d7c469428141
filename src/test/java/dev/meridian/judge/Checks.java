package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** The status of HealthChecks, from their configuration and from what is known of endpoints. */
final class Checks {
  private final Map<String, JsonNode> configs = new HashMap<>();

  /** By id, what was decided over the head of a check: its status, whatever else is said. */
  private final Map<String, Boolean> decided = new HashMap<>();

  static Checks of(Map<String, String> files) {
    return new Checks(Judge.read(files.getOrDefault("health-checks.route53.json", "{}")));
  }

  private Checks(JsonNode json) {
    for (JsonNode check : json.path("HealthChecks")) {
      configs.put(check.path("Id").asText(), check.path("HealthCheckConfig"));
    }
  }

  void decide(String id, boolean healthy) {
    decided.put(id, healthy);
  }

  /** {@code status = base XOR Inverted}; a check that is not there is healthy. */
  boolean isHealthy(String id) {
    JsonNode config = configs.get(id);
    if (config == null) {
      return true;
    }
    Boolean override = decided.get(id);
    return override != null ? override : base(config) != config.path("Inverted").asBoolean();
  }

  private boolean base(JsonNode config) {
    if (config.path("Disabled").asBoolean()) {
      return true;
    }
    if (!config.path("Type").asText().equals("CALCULATED")) {
      return true; // nothing has been found yet
    }
    int healthy = 0;
    for (JsonNode child : config.path("ChildHealthChecks")) {
      healthy += isHealthy(child.asText()) ? 1 : 0;
    }
    return healthy >= config.path("HealthThreshold").asInt();
  }
}
