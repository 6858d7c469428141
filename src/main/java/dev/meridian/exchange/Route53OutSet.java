package dev.meridian.exchange;

import dev.meridian.route53.Route53Text;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One ResourceRecordSet to be written.
 *
 * @param id SetIdentifier; empty in a simple record set
 * @param routing JSON key and value of the routing property; empty in a simple record set
 * @param ttl seconds; of no meaning in an alias
 * @param values presentation format; empty in an alias
 * @param check HealthCheckId; empty: none
 */
record Route53OutSet(
    DomainName name,
    int type,
    String id,
    Map<String, Object> routing,
    long ttl,
    List<String> values,
    @Nullable Alias alias,
    String check) {
  /** The names of the API's model, in its order. */
  private static final List<String> BEFORE_RECORDS =
      List.of("Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer");

  /** As Route 53 lists them: name from the right, type, SetIdentifier. */
  static final Comparator<Route53OutSet> ORDER =
      Comparator.comparing((Route53OutSet set) -> reversed(set.name()))
          .thenComparing(set -> RRType.toText(set.type()))
          .thenComparing(Route53OutSet::id);

  /** Where an alias leads. */
  record Alias(DomainName target, String hostedZone, boolean evaluateTargetHealth) {}

  private static String reversed(DomainName name) {
    List<String> labels = Arrays.asList(Route53Text.octal(name).split("\\.", 0));
    Collections.reverse(labels);
    return String.join(".", labels) + ".";
  }

  /** The object, its keys in the order of the API's model. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Name", Route53Text.octal(name));
    json.put("Type", RRType.toText(type));
    if (!id.isEmpty()) {
      json.put("SetIdentifier", id);
    }
    routing.forEach((key, value) -> put(json, key, value, BEFORE_RECORDS.contains(key)));
    if (alias == null) {
      json.put("TTL", ttl);
      json.put(
          "ResourceRecords",
          values.stream().map(value -> Map.of("Value", value)).collect(Collectors.toList()));
    } else {
      Map<String, Object> target = new LinkedHashMap<>();
      target.put("HostedZoneId", alias.hostedZone());
      target.put("DNSName", Route53Text.octal(alias.target()));
      target.put("EvaluateTargetHealth", alias.evaluateTargetHealth());
      json.put("AliasTarget", target);
    }
    if (!check.isEmpty()) {
      json.put("HealthCheckId", check);
    }
    routing.forEach((key, value) -> put(json, key, value, !BEFORE_RECORDS.contains(key)));
    return json;
  }

  private static void put(Map<String, Object> json, String key, Object value, boolean wanted) {
    if (wanted) {
      json.put(key, value);
    }
  }
}
