package dev.meridian.route53;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Regions;
import dev.meridian.health.HealthRegistry;
import dev.meridian.master.RdataReader.MalformedRdata;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Weighted;
import dev.meridian.policyfile.GeolocationKeys;
import dev.meridian.route53.Route53RecordSet.Alias;
import dev.meridian.route53.Route53RecordSet.Routing;
import dev.meridian.rr.RRType;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one ResourceRecordSet after the other. What only a group can tell is left to others. */
final class Route53RecordSetReader {
  private static final List<String> PROPERTIES =
      List.of(
          "Weight",
          "Region",
          "Failover",
          "GeoLocation",
          "MultiValueAnswer",
          "GeoProximityLocation",
          "CidrRoutingConfig");

  private static final List<String> FIELDS =
      Stream.concat(
              PROPERTIES.stream(),
              Stream.of(
                  "Name",
                  "Type",
                  "SetIdentifier",
                  "TTL",
                  "ResourceRecords",
                  "AliasTarget",
                  "HealthCheckId",
                  "TrafficPolicyInstanceId"))
          .toList();

  private static final List<String> ALIAS =
      List.of("HostedZoneId", "DNSName", "EvaluateTargetHealth");
  private static final List<String> PLACE =
      List.of("ContinentCode", "CountryCode", "SubdivisionCode");
  private static final List<String> NEARNESS =
      List.of("AWSRegion", "LocalZoneGroup", "Coordinates", "Bias");

  private static final int ROUTE53_WEIGHT = 255;
  private static final int MAX_BIAS = 99;
  private static final long MAX_TTL = Integer.MAX_VALUE;

  private final Route53Nodes nodes;
  private final Route53HealthChecks checks;
  private final Route53CidrCollections collections;
  private final Route53Text text = new Route53Text();
  private final Set<DomainName> unread = new HashSet<>();

  Route53RecordSetReader(
      Route53Nodes nodes, Route53HealthChecks checks, Route53CidrCollections collections) {
    this.nodes = nodes;
    this.checks = checks;
    this.collections = collections;
  }

  /** Reads one; null after an error, or a warning that says why it is left out. */
  @Nullable Route53RecordSet read(YamlNode node) {
    Mapping set = nodes.object(node, "a ResourceRecordSet", FIELDS);
    YamlNode nameNode = set == null ? null : nodes.need(set, "Name");
    YamlNode typeNode = set == null ? null : nodes.need(set, "Type");
    DomainName name = nameNode == null ? null : name(nameNode);
    int type = typeNode == null ? -1 : type(typeNode);
    if (set == null || name == null || type < 0 || isHidden(set)) {
      return null;
    }
    YamlNode check = Route53Nodes.get(set, "HealthCheckId");
    int checkNumber = check == null ? HealthRegistry.NONE : checks.use(check);
    Alias alias = alias(set);
    boolean isAlias = Route53Nodes.get(set, "AliasTarget") != null;
    List<byte[]> values = values(set, type, isAlias);
    long ttl = isAlias ? -1 : nodes.integer(set, "TTL", 0, MAX_TTL, -1);
    if (!isAlias && Route53Nodes.get(set, "TTL") == null) {
      nodes.error(set, "'TTL' is missing; record sets with values have one");
    }
    Routing routing = routing(set);
    boolean sound =
        (isAlias ? alias != null : ttl >= 0 && !values.isEmpty())
            && (routing != null || properties(set).isEmpty());
    if (!sound) {
      unread.add(name);
    }
    return sound
        ? new Route53RecordSet(
            name, type, id(set, routing), routing, ttl, values, alias, checkNumber, set.position())
        : null;
  }

  /** The names of record sets that could not be read. */
  Set<DomainName> unread() {
    return unread;
  }

  /** The root of a traffic policy instance, whose records only Route 53 knows. */
  private boolean isHidden(Mapping set) {
    boolean hidden =
        Route53Nodes.get(set, "TrafficPolicyInstanceId") != null
            && Route53Nodes.get(set, "ResourceRecords") == null
            && Route53Nodes.get(set, "AliasTarget") == null;
    if (hidden) {
      nodes.warning(
          set,
          "the records of a traffic policy instance are not in this listing; the record set is left"
              + " out. Write it as a policy");
    }
    return hidden;
  }

  private @Nullable DomainName name(YamlNode node) {
    String written = nodes.text(node, "Name");
    try {
      return written == null ? null : Route53Text.name(written);
    } catch (IllegalArgumentException e) {
      nodes.error(node, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private int type(YamlNode node) {
    String written = nodes.text(node, "Type");
    Optional<Integer> type = written == null ? Optional.empty() : RRType.parse(written);
    if (written != null && (type.isEmpty() || RRType.isMeta(type.get()))) {
      nodes.error(node, "'" + written + "' is not a record type");
      return -1;
    }
    return type.orElse(-1);
  }

  private @Nullable Alias alias(Mapping set) {
    YamlNode node = Route53Nodes.get(set, "AliasTarget");
    Mapping target = node == null ? null : nodes.object(node, "AliasTarget", ALIAS);
    if (target == null) {
      return null;
    }
    YamlNode nameNode = nodes.need(target, "DNSName");
    YamlNode evaluateNode = nodes.need(target, "EvaluateTargetHealth");
    DomainName name = nameNode == null ? null : name(nameNode);
    Boolean evaluate =
        evaluateNode == null ? null : nodes.bool(evaluateNode, "EvaluateTargetHealth");
    return name == null || evaluate == null ? null : new Alias(name, evaluate, target.position());
  }

  private List<byte[]> values(Mapping set, int type, boolean alias) {
    YamlNode list = Route53Nodes.get(set, "ResourceRecords");
    List<YamlNode> items = list == null ? List.of() : nodes.items(list, "ResourceRecords");
    if (alias && !items.isEmpty() && list != null) {
      nodes.error(list, "a record set has an AliasTarget or ResourceRecords, not both");
    } else if (!alias && items.isEmpty()) {
      nodes.error(list == null ? set : list, "no ResourceRecords and no AliasTarget: no answer");
    }
    List<byte[]> values = new ArrayList<>();
    for (YamlNode item : items) {
      Mapping record = nodes.object(item, "a ResourceRecord", List.of("Value"));
      YamlNode valueNode = record == null ? null : nodes.need(record, "Value");
      String value = valueNode == null ? null : nodes.text(valueNode, "Value");
      if (value != null && valueNode != null) {
        value(type, value, valueNode, values);
      }
    }
    return values;
  }

  private void value(int type, String value, YamlNode node, List<byte[]> values) {
    if (type == RRType.TXT && !value.startsWith("\"")) {
      nodes.warning(node, "Route 53 refuses TXT without quotation marks: InvalidCharacterString");
    }
    try {
      values.add(text.rdata(type, value));
    } catch (MalformedRdata e) {
      nodes.error(node, String.valueOf(e.getMessage()));
    }
  }

  private String id(Mapping set, @Nullable Routing routing) {
    String id = nodes.text(set, "SetIdentifier");
    YamlNode node = Route53Nodes.get(set, "SetIdentifier");
    if (id != null && node != null && properties(set).isEmpty()) {
      nodes.error(
          node,
          "SetIdentifier without a routing property; one of " + String.join(", ", PROPERTIES));
    } else if (id == null && routing != null) {
      nodes.warning(set, "Route 53 refuses " + routing.key() + " without SetIdentifier");
    }
    return id == null ? "" : id;
  }

  /** The routing properties that say something, of which there should be one at the most. */
  private List<String> properties(Mapping set) {
    return PROPERTIES.stream().filter(key -> says(key, Route53Nodes.get(set, key))).toList();
  }

  private static boolean says(String key, @Nullable YamlNode node) {
    return node != null && !isFalse(key, node);
  }

  private static boolean isFalse(String key, YamlNode node) {
    return key.equals("MultiValueAnswer")
        && node instanceof YamlNode.Scalar scalar
        && scalar.text().equals("false");
  }

  /** The one routing property; null if there is none, or after an error. */
  private @Nullable Routing routing(Mapping set) {
    List<String> present = properties(set);
    YamlNode multivalue = Route53Nodes.get(set, "MultiValueAnswer");
    if (multivalue != null && isFalse("MultiValueAnswer", multivalue)) {
      nodes.warning(multivalue, "MultiValueAnswer false says nothing, and Route 53 refuses it");
    }
    if (present.size() > 1) {
      nodes.error(set, "one routing property only, and here are " + String.join(" and ", present));
    }
    YamlNode node = present.size() == 1 ? Route53Nodes.get(set, present.getFirst()) : null;
    return node == null ? null : routing(present.getFirst(), node);
  }

  private @Nullable Routing routing(String property, YamlNode node) {
    return switch (property) {
      case "Weight" -> weight(node);
      case "Region" -> region(node);
      case "Failover" -> failover(node);
      case "GeoLocation" -> geolocation(node);
      case "GeoProximityLocation" -> proximity(node);
      case "CidrRoutingConfig" -> cidr(node);
      default -> multivalue(node);
    };
  }

  private @Nullable Routing weight(YamlNode node) {
    Long weight = nodes.integer(node, "Weight", 0, Weighted.MAX_WEIGHT);
    if (weight != null && weight > ROUTE53_WEIGHT) {
      nodes.warning(node, "Weight " + weight + " is served; Route 53 stops at 255");
    }
    return weight == null ? null : new Route53RecordSet.Weight(weight);
  }

  private @Nullable Routing region(YamlNode node) {
    String region = nodes.text(node, "Region");
    if (region == null) {
      return null;
    }
    Coordinates coordinates = Regions.coordinates(region).orElse(null);
    if (coordinates == null) {
      nodes.warning(
          node,
          "nothing is known of where '"
              + region
              + "' is; it comes last for clients that latency.csv does not cover");
    }
    return new Route53RecordSet.Region(region, coordinates);
  }

  private @Nullable Routing failover(YamlNode node) {
    String role = nodes.text(node, "Failover");
    if (role != null && !role.equals("PRIMARY") && !role.equals("SECONDARY")) {
      nodes.error(node, "Failover is PRIMARY or SECONDARY, not '" + role + "'");
      return null;
    }
    return role == null ? null : new Route53RecordSet.Failover(role.equals("PRIMARY"));
  }

  private @Nullable Routing multivalue(YamlNode node) {
    Boolean multivalue = nodes.bool(node, "MultiValueAnswer");
    return Boolean.TRUE.equals(multivalue) ? new Route53RecordSet.Multivalue() : null;
  }

  private @Nullable Routing geolocation(YamlNode node) {
    Mapping place = nodes.object(node, "GeoLocation", PLACE);
    if (place == null) {
      return null;
    }
    String continent = nodes.text(place, "ContinentCode");
    String country = nodes.text(place, "CountryCode");
    String subdivision = nodes.text(place, "SubdivisionCode");
    if ((continent == null) == (country == null) || (continent != null && subdivision != null)) {
      nodes.error(
          node,
          "GeoLocation is a ContinentCode, a CountryCode, or a CountryCode and a"
              + " SubdivisionCode");
      return null;
    }
    if (subdivision != null && !"US".equals(country)) {
      nodes.warning(node, "the subdivision is served; Route 53 has those of US only");
    }
    String key =
        continent != null
            ? "continent:" + continent
            : subdivision != null
                ? "subdivision:" + country + "-" + subdivision
                : "*".equals(country) ? "default" : "country:" + country;
    try {
      return new Route53RecordSet.Geo(GeolocationKeys.parse(key));
    } catch (IllegalArgumentException e) {
      nodes.error(node, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Routing proximity(YamlNode node) {
    Mapping location = nodes.object(node, "GeoProximityLocation", NEARNESS);
    if (location == null) {
      return null;
    }
    long bias = nodes.integer(location, "Bias", -MAX_BIAS, MAX_BIAS, 0);
    YamlNode point = Route53Nodes.get(location, "Coordinates");
    String region = nodes.text(location, "AWSRegion");
    String zone = nodes.text(location, "LocalZoneGroup");
    int ways = (point == null ? 0 : 1) + (region == null ? 0 : 1) + (zone == null ? 0 : 1);
    if (ways != 1) {
      nodes.error(
          node, "GeoProximityLocation has one of AWSRegion, LocalZoneGroup and Coordinates");
      return null;
    }
    Coordinates coordinates =
        point != null
            ? coordinates(point)
            : region != null
                ? Regions.coordinates(region).orElse(null)
                : Route53LocalZones.coordinates(String.valueOf(zone)).orElse(null);
    if (coordinates == null && point == null) {
      nodes.error(
          node,
          "nothing is known of where '"
              + (region == null ? zone : region)
              + "' is; write Coordinates");
    }
    return coordinates == null ? null : new Route53RecordSet.Proximity(coordinates, (int) bias);
  }

  private @Nullable Coordinates coordinates(YamlNode node) {
    Mapping point = nodes.object(node, "Coordinates", List.of("Latitude", "Longitude"));
    YamlNode latitudeNode = point == null ? null : nodes.need(point, "Latitude");
    YamlNode longitudeNode = point == null ? null : nodes.need(point, "Longitude");
    Double latitude =
        latitudeNode == null ? null : nodes.decimal(latitudeNode, "Latitude", -90, 90);
    Double longitude =
        longitudeNode == null ? null : nodes.decimal(longitudeNode, "Longitude", -180, 180);
    return latitude == null || longitude == null
        ? null
        : new Coordinates(hundredths(latitude), hundredths(longitude));
  }

  /** Route 53 cuts off what is behind the second decimal place. */
  private static double hundredths(double degrees) {
    return new java.math.BigDecimal(Double.toString(degrees))
        .setScale(2, java.math.RoundingMode.DOWN)
        .doubleValue();
  }

  private @Nullable Routing cidr(YamlNode node) {
    Mapping config =
        nodes.object(node, "CidrRoutingConfig", List.of("CollectionId", "LocationName"));
    YamlNode collectionNode = config == null ? null : nodes.need(config, "CollectionId");
    YamlNode locationNode = config == null ? null : nodes.need(config, "LocationName");
    String collection = collectionNode == null ? null : nodes.text(collectionNode, "CollectionId");
    String location = locationNode == null ? null : nodes.text(locationNode, "LocationName");
    if (collection == null || location == null || collectionNode == null || locationNode == null) {
      return null;
    }
    if (location.equals("*")) {
      return new Route53RecordSet.Cidr(collection, location, List.of());
    }
    Optional<List<Prefix>> blocks = collections.blocks(collection, location);
    if (blocks.isEmpty()) {
      boolean known = collections.contains(collection);
      nodes.error(
          known ? locationNode : collectionNode,
          (known
                  ? "the CIDR collection has no blocks for location '" + location + "'"
                  : "there is no CIDR collection " + collection)
              + " in "
              + Route53CidrCollections.FILE
              + "; add it there, or take the record set away");
      return null;
    }
    return new Route53RecordSet.Cidr(collection, location, blocks.get());
  }
}
