package dev.meridian.exchange;

import dev.meridian.route53.Route53Nodes;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spells a traffic policy document out as the record sets that it stands for, each value with the
 * place where it was written: whoever reads record sets then says what is wrong with it.
 *
 * <pre>
 * start                           record sets at the name itself
 * any other rule                  record sets at _&lt;rule&gt;.&lt;name&gt;, once, however often it is referred to
 * reference to a rule             alias there
 * reference to a value            values
 * reference to an AWS resource    alias of its name
 * </pre>
 */
final class Route53TrafficPolicy {
  private static final Set<String> VERSIONS = Set.of("2015-10-01", "2023-05-09");
  private static final String REGION_PREFIX = "aws:route53:";

  /** By rule type: where its branches are. */
  private static final Map<String, List<String>> BRANCHES =
      Map.of(
          "failover", List.of("Primary", "Secondary"),
          "geo", List.of("Locations"),
          "latency", List.of("Regions"),
          "geoproximity", List.of("GeoproximityLocations"),
          "weighted", List.of("Items"),
          "multivalue", List.of("Items"));

  private static final List<String> DOCUMENT =
      List.of(
          "AWSPolicyFormatVersion",
          "RecordType",
          "StartRule",
          "StartEndpoint",
          "Endpoints",
          "Rules");
  private static final List<String> ENDPOINT = List.of("Type", "Value", "Region");
  private static final List<String> RULE =
      Stream.concat(Stream.of("RuleType"), BRANCHES.values().stream().flatMap(List::stream))
          .distinct()
          .toList();
  private static final List<String> BRANCH =
      List.of(
          "EndpointReference",
          "RuleReference",
          "EvaluateTargetHealth",
          "HealthCheck",
          "Weight",
          "Region",
          "LocalZoneGroup",
          "IsDefault",
          "Continent",
          "Country",
          "Subdivision",
          "Latitude",
          "Longitude",
          "Bias");

  private final Route53Nodes nodes;
  private final Mapping document;
  private final String name;
  private final String ttl;
  private final String type;
  private final List<YamlNode> sets = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();
  private final Deque<String> rules = new ArrayDeque<>();

  private Route53TrafficPolicy(Route53Nodes nodes, Mapping document, String name, long ttl) {
    this.nodes = nodes;
    this.document = document;
    this.name = name;
    this.ttl = Long.toString(ttl);
    YamlNode typeNode = nodes.need(document, "RecordType");
    String text = typeNode == null ? null : nodes.text(typeNode, "RecordType");
    this.type = text == null ? "A" : text;
  }

  static boolean isDocument(YamlNode root) {
    return root instanceof Mapping mapping
        && YamlValues.get(mapping, "AWSPolicyFormatVersion") != null;
  }

  /** The record type of a document; empty if it has none. */
  static String type(Mapping document) {
    return YamlValues.get(document, "RecordType") instanceof Scalar text ? text.text() : "";
  }

  /**
   * The record sets of an instance of a document.
   *
   * @param name of the instance, absolute
   * @param ttl in seconds, of all its records
   */
  static List<YamlNode> recordSets(Route53Nodes nodes, Mapping document, String name, long ttl) {
    return new Route53TrafficPolicy(nodes, document, name, ttl).spellOut();
  }

  private List<YamlNode> spellOut() {
    var _ = nodes.object(document, "a traffic policy", DOCUMENT);
    String version = nodes.text(document, "AWSPolicyFormatVersion");
    if (version != null && !VERSIONS.contains(version)) {
      nodes.error(document, "AWSPolicyFormatVersion is 2015-10-01 or 2023-05-09, not " + version);
    }
    YamlNode rule = Route53Nodes.get(document, "StartRule");
    YamlNode endpoint = Route53Nodes.get(document, "StartEndpoint");
    if ((rule == null) == (endpoint == null)) {
      nodes.error(document, "a traffic policy has a StartRule or a StartEndpoint");
    } else if (endpoint != null) {
      List<Entry> set = new ArrayList<>();
      endpoint(endpoint, text("true", endpoint), set);
      add(name, endpoint, set);
    } else if (rule != null) {
      refer(rule);
      for (String next = rules.poll(); next != null; next = rules.poll()) {
        rule(next, owner(next));
      }
    }
    warnOfUnused("Endpoints");
    warnOfUnused("Rules");
    return sets;
  }

  private void warnOfUnused(String section) {
    if (Route53Nodes.get(document, section) instanceof Mapping all) {
      for (Entry entry : all.entries()) {
        if (!used.contains(section + " " + entry.key().text())) {
          nodes.warning(entry.key(), "nothing refers to '" + entry.key().text() + "'");
        }
      }
    }
  }

  private String owner(String rule) {
    boolean first =
        Route53Nodes.get(document, "StartRule") instanceof Scalar start
            && start.text().equals(rule);
    return first ? name : "_" + rule.replaceAll("[^A-Za-z0-9-]", "-") + "." + name;
  }

  /** What a reference leads to; null after an error. */
  private @Nullable Mapping find(String section, YamlNode reference) {
    String id = nodes.text(reference, "a reference");
    YamlNode all = Route53Nodes.get(document, section);
    YamlNode found =
        id == null || !(all instanceof Mapping known) ? null : Route53Nodes.get(known, id);
    if (id != null && found == null) {
      nodes.error(
          reference,
          "there is no '" + id + "' in " + section + "; write it there, or refer to another");
    }
    used.add(section + " " + id);
    boolean rule = section.equals("Rules");
    return found == null
        ? null
        : nodes.object(found, rule ? "a rule" : "an endpoint", rule ? RULE : ENDPOINT);
  }

  /** Sees to it that a rule is written. */
  private void refer(YamlNode reference) {
    boolean known = used.contains("Rules " + nodes.text(reference, "RuleReference"));
    if (find("Rules", reference) != null && !known) {
      rules.add(String.valueOf(nodes.text(reference, "RuleReference")));
    }
  }

  private void rule(String id, String owner) {
    Mapping all = (Mapping) Route53Nodes.get(document, "Rules");
    YamlNode node = all == null ? null : Route53Nodes.get(all, id);
    Mapping rule = node == null ? null : nodes.object(node, "a rule");
    YamlNode typeNode = rule == null ? null : nodes.need(rule, "RuleType");
    String ruleType = typeNode == null ? null : nodes.text(typeNode, "RuleType");
    if (rule == null || typeNode == null || ruleType == null) {
      return;
    }
    List<String> keys = BRANCHES.get(ruleType);
    if (keys == null) {
      nodes.error(
          typeNode,
          "RuleType is failover, geo, latency, geoproximity, weighted or multivalue, not '"
              + ruleType
              + "'");
      return;
    }
    Set<String> ids = new HashSet<>();
    for (String key : keys) {
      YamlNode branches = nodes.need(rule, key);
      if (branches != null) {
        List<YamlNode> items =
            ruleType.equals("failover") ? List.of(branches) : nodes.items(branches, key);
        items.forEach(item -> branch(ruleType, key, item, owner, ids));
      }
    }
  }

  private void branch(String ruleType, String key, YamlNode node, String owner, Set<String> ids) {
    Mapping branch = nodes.object(node, "a branch of " + ruleType, BRANCH);
    if (branch == null) {
      return;
    }
    YamlNode rule = Route53Nodes.get(branch, "RuleReference");
    YamlNode endpoint = Route53Nodes.get(branch, "EndpointReference");
    YamlNode reference = rule == null ? endpoint : rule;
    if (reference == null || (rule != null && endpoint != null)) {
      nodes.error(branch, "a branch has an EndpointReference or a RuleReference");
      return;
    }
    if (rule != null && ruleType.equals("multivalue")) {
      nodes.error(rule, "multivalue leads to endpoints only; refer to one");
      return;
    }
    List<Entry> set = new ArrayList<>();
    set.add(entry("SetIdentifier", text(id(reference, ids), reference)));
    routing(ruleType, key, branch, set);
    YamlNode check = Route53Nodes.get(branch, "HealthCheck");
    if (check != null) {
      set.add(entry("HealthCheckId", check));
    }
    YamlNode written = Route53Nodes.get(branch, "EvaluateTargetHealth");
    YamlNode evaluate = written == null ? text("true", branch) : written;
    if (rule == null) {
      endpoint(reference, evaluate, set);
    } else {
      refer(rule);
      alias(text(owner(String.valueOf(nodes.text(rule, "RuleReference"))), rule), evaluate, set);
    }
    add(owner, branch, set);
  }

  private String id(YamlNode reference, Set<String> ids) {
    String wanted = String.valueOf(nodes.text(reference, "a reference"));
    String id = wanted;
    for (int i = 2; !ids.add(id); i++) {
      id = wanted + "-" + i;
    }
    return id;
  }

  private void routing(String ruleType, String key, Mapping branch, List<Entry> set) {
    switch (ruleType) {
      case "failover" ->
          set.add(entry("Failover", text(key.equals("Primary") ? "PRIMARY" : "SECONDARY", branch)));
      case "weighted" -> copy(branch, "Weight", "Weight", set, true);
      case "latency" -> region(branch, "Region", set);
      case "multivalue" -> set.add(entry("MultiValueAnswer", text("true", branch)));
      case "geo" -> set.add(entry("GeoLocation", place(branch)));
      default -> set.add(entry("GeoProximityLocation", site(branch)));
    }
  }

  private Mapping place(Mapping branch) {
    List<Entry> place = new ArrayList<>();
    if (nodes.isTrue(branch, "IsDefault")) {
      place.add(entry("CountryCode", text("*", branch)));
    } else {
      copy(branch, "Continent", "ContinentCode", place, false);
      copy(branch, "Country", "CountryCode", place, false);
      copy(branch, "Subdivision", "SubdivisionCode", place, false);
    }
    return new Mapping(place, branch.position());
  }

  private Mapping site(Mapping branch) {
    List<Entry> site = new ArrayList<>();
    if (Route53Nodes.get(branch, "Region") != null) {
      region(branch, "AWSRegion", site);
    }
    copy(branch, "LocalZoneGroup", "LocalZoneGroup", site, false);
    List<Entry> point = new ArrayList<>();
    copy(branch, "Latitude", "Latitude", point, false);
    copy(branch, "Longitude", "Longitude", point, false);
    if (!point.isEmpty()) {
      site.add(entry("Coordinates", new Mapping(point, branch.position())));
    }
    copy(branch, "Bias", "Bias", site, false);
    return new Mapping(site, branch.position());
  }

  private void region(Mapping branch, String as, List<Entry> to) {
    YamlNode node = nodes.need(branch, "Region");
    String region = node == null ? null : nodes.text(node, "Region");
    if (node != null && region != null) {
      boolean prefixed = region.startsWith(REGION_PREFIX);
      to.add(entry(as, text(prefixed ? region.substring(REGION_PREFIX.length()) : region, node)));
    }
  }

  private void copy(Mapping from, String key, String as, List<Entry> to, boolean needed) {
    YamlNode value = needed ? nodes.need(from, key) : Route53Nodes.get(from, key);
    if (value != null) {
      to.add(entry(as, value));
    }
  }

  private void endpoint(YamlNode reference, YamlNode evaluate, List<Entry> set) {
    Mapping endpoint = find("Endpoints", reference);
    YamlNode value = endpoint == null ? null : nodes.need(endpoint, "Value");
    String kind = endpoint == null ? null : nodes.text(endpoint, "Type");
    if (value != null && (kind == null || kind.equals("value"))) {
      Mapping item = new Mapping(List.of(entry("Value", value)), value.position());
      set.add(entry("TTL", text(ttl, value)));
      set.add(entry("ResourceRecords", new YamlNode.Sequence(List.of(item), value.position())));
    } else if (value != null) {
      alias(value, evaluate, set);
    }
  }

  private static void alias(YamlNode target, YamlNode evaluate, List<Entry> set) {
    List<Entry> alias = List.of(entry("DNSName", target), entry("EvaluateTargetHealth", evaluate));
    set.add(entry("AliasTarget", new Mapping(alias, target.position())));
  }

  private void add(String owner, YamlNode at, List<Entry> rest) {
    List<Entry> set = new ArrayList<>();
    set.add(entry("Name", text(owner, at)));
    set.add(entry("Type", text(type, at)));
    set.addAll(rest);
    sets.add(new Mapping(set, at.position()));
  }

  private static Entry entry(String key, YamlNode value) {
    return new Entry(new Scalar(key, false, value.position()), value);
  }

  private static Scalar text(String text, YamlNode at) {
    return new Scalar(text, false, at.position());
  }
}
