package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The status of HealthChecks, from their configuration and from what is known of endpoints. */
final class Checks {
  private final Map<String, JsonNode> configs = new HashMap<>();

  /** By id, what was decided over the head of a check: its status, whatever else is said. */
  private final Map<String, Boolean> decided = new HashMap<>();

  /** By id, what probes found at an endpoint. */
  private final Map<String, Boolean> found = new HashMap<>();

  Checks(JsonNode json) {
    for (JsonNode check : json.path("HealthChecks")) {
      configs.put(check.path("Id").asText(), check.path("HealthCheckConfig"));
    }
  }

  void decide(String id, boolean healthy) {
    decided.put(id, healthy);
  }

  void find(String id, boolean passes) {
    found.put(id, passes);
  }

  List<String> ids() {
    return new ArrayList<>(configs.keySet());
  }

  /** {@code status = base XOR Inverted}; a check that is not there is healthy. */
  boolean isHealthy(String id) {
    JsonNode config = configs.get(id);
    if (config == null) {
      return true;
    }
    Boolean override = decided.get(id);
    return override != null ? override : base(id, config) != config.path("Inverted").asBoolean();
  }

  private boolean base(String id, JsonNode config) {
    if (config.path("Disabled").asBoolean()) {
      return true;
    }
    if (!config.path("Type").asText().equals("CALCULATED")) {
      return found.getOrDefault(id, true);
    }
    int healthy = 0;
    for (JsonNode child : config.path("ChildHealthChecks")) {
      healthy += isHealthy(child.asText()) ? 1 : 0;
    }
    return healthy >= config.path("HealthThreshold").asInt();
  }
}
