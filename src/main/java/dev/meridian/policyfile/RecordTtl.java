package dev.meridian.policyfile;

import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record says of its TTL: {@code 30}, or {@code { max: 5m, min: 5s, follow-health: true }}.
 *
 * @param seconds the TTL, the largest if it follows health
 * @param floor the smallest; -1 if it does not follow health
 */
record RecordTtl(long seconds, int floor) {
  static final RecordTtl DEFAULT = new RecordTtl(EndpointReader.DEFAULT_TTL, -1);

  private static final List<String> KEYS = List.of("max", "min", "follow-health");
  private static final int DEFAULT_FLOOR = 1;

  /** Null after an error. */
  static @Nullable RecordTtl read(YamlNode node, YamlValues nodes) {
    if (!(node instanceof Mapping)) {
      Long seconds = nodes.ttl(node);
      return seconds == null ? null : new RecordTtl(seconds, -1);
    }
    Mapping mapping = nodes.mapping(node, "ttl", KEYS);
    if (mapping == null) {
      return null;
    }
    YamlNode maxNode = YamlValues.get(mapping, "max");
    YamlNode minNode = YamlValues.get(mapping, "min");
    YamlNode followNode = YamlValues.get(mapping, "follow-health");
    Long max = maxNode == null ? Long.valueOf(EndpointReader.DEFAULT_TTL) : nodes.ttl(maxNode);
    Long min = minNode == null ? Long.valueOf(DEFAULT_FLOOR) : nodes.ttl(minNode);
    Boolean follow = followNode == null ? Boolean.FALSE : nodes.bool(followNode, "follow-health");
    if (max == null || min == null || follow == null) {
      return null;
    }
    if (!follow && (minNode != null || followNode == null)) {
      String message = "a ttl of several keys follows health: add follow-health: true";
      nodes.reporter().error(node.position(), message);
      return null;
    }
    if (follow && min > max && minNode != null) {
      String message = "min is " + min + " seconds, and max only " + max;
      nodes.reporter().error(minNode.position(), message);
      return null;
    }
    return new RecordTtl(max, follow ? (int) Math.min(min, max) : -1);
  }
}
