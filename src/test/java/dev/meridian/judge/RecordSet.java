package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One ResourceRecordSet, read where it stands in the JSON. */
record RecordSet(JsonNode json) {
  /** The property that makes its policy; simple has none. */
  enum Policy {
    SIMPLE("-"),
    WEIGHTED("Weight"),
    FAILOVER("Failover"),
    GEOLOCATION("GeoLocation"),
    GEOPROXIMITY("GeoProximityLocation"),
    LATENCY("Region"),
    MULTIVALUE("MultiValueAnswer"),
    IP_BASED("CidrRoutingConfig");

    private final String property;

    Policy(String property) {
      this.property = property;
    }

    /** Whether it asks where the client is. */
    boolean asksForTheClient() {
      return this == GEOLOCATION || this == GEOPROXIMITY || this == LATENCY || this == IP_BASED;
    }
  }

  JudgedName name() {
    return JudgedName.of(json.path("Name").asText());
  }

  String type() {
    return json.path("Type").asText();
  }

  String id() {
    return json.path("SetIdentifier").asText();
  }

  Policy policy() {
    for (Policy policy : Policy.values()) {
      if (json.has(policy.property)) {
        return policy;
      }
    }
    return Policy.SIMPLE;
  }

  long ttl() {
    return json.path("TTL").asLong();
  }

  List<String> values() {
    List<String> values = new ArrayList<>();
    json.path("ResourceRecords").forEach(record -> values.add(record.path("Value").asText()));
    return values;
  }

  boolean isAlias() {
    return json.has("AliasTarget");
  }

  JudgedName target() {
    return JudgedName.of(json.path("AliasTarget").path("DNSName").asText());
  }

  boolean evaluatesTarget() {
    return json.path("AliasTarget").path("EvaluateTargetHealth").asBoolean();
  }

  boolean hasCheck() {
    return json.has("HealthCheckId");
  }

  String check() {
    return json.path("HealthCheckId").asText();
  }

  int weight() {
    return json.path("Weight").asInt();
  }

  boolean isPrimary() {
    return json.path("Failover").asText().equals("PRIMARY");
  }
}
