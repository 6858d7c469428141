package dev.meridian.route53;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.master.RecordCollector;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRType;
import dev.meridian.source.Reporter;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code <zone>.route53.json}, which is what {@code aws route53 list-resource-record-sets}
 * prints. A name and type with a routing policy, a health check or an alias becomes a policy of its
 * own; so do several addresses, which Route 53 answers in random order. All else becomes records as
 * those of a master file.
 */
public final class Route53ZoneReader {
  public static final String COMMAND = "aws route53 list-resource-record-sets";

  private static final Set<Integer> ADDRESSES = Set.of(RRType.A, RRType.AAAA);
  private static final int MAX_ALIASES = 16;

  private record Key(DomainName name, int type) {}

  private final ZoneBuilder zone;
  private final RecordCollector records;
  private final Reporter reporter;
  private final Route53Nodes nodes;
  private final Route53HealthChecks checks;
  private final Route53CidrCollections collections;
  private final Map<Key, List<Route53RecordSet>> groups = new LinkedHashMap<>();
  private final Map<Key, Integer> hops = new LinkedHashMap<>();
  private Set<DomainName> unread = Set.of();

  public Route53ZoneReader(
      ZoneBuilder zone, RecordCollector records, Reporter reporter, HealthRegistry registry) {
    this.zone = zone;
    this.records = records;
    this.reporter = reporter;
    this.nodes = new Route53Nodes(reporter);
    this.checks = new Route53HealthChecks(nodes, registry);
    this.collections = new Route53CidrCollections(nodes);
  }

  /**
   * Reads a zone. Static records go to the collector.
   *
   * @param healthChecks the root of {@link Route53HealthChecks#FILE}; null without one
   * @param cidrCollections the root of {@link Route53CidrCollections#FILE}; null without one
   * @return what policies answer
   */
  public List<RoutedOwner> read(
      @Nullable YamlNode root,
      @Nullable YamlNode healthChecks,
      @Nullable YamlNode cidrCollections) {
    checks.read(healthChecks);
    collections.read(cidrCollections);
    Route53RecordSetReader reader = new Route53RecordSetReader(nodes, checks, collections);
    unread = reader.unread();
    for (YamlNode node : recordSets(root)) {
      Route53RecordSet set = reader.read(node);
      if (set != null && isInZone(set)) {
        groups.computeIfAbsent(new Key(set.name(), set.type()), _ -> new ArrayList<>()).add(set);
      }
    }
    List<RoutedOwner> routed = new ArrayList<>();
    Set<DomainName> cuts = cuts();
    groups.forEach((key, group) -> add(key, group, cuts, routed));
    groups.values().forEach(group -> group.forEach(this::alias));
    cnames();
    return routed;
  }

  /** All record sets by name and type, in the order written. */
  public Collection<List<Route53RecordSet>> groups() {
    return groups.values();
  }

  /** The health checks that the zone's record sets name. */
  public List<HealthCheck> checks() {
    return checks.checks();
  }

  /** A listing, a bare list, or a change batch that creates the zone. */
  private List<YamlNode> recordSets(@Nullable YamlNode root) {
    if (!(root instanceof Mapping mapping) || YamlValues.get(mapping, "Changes") == null) {
      return nodes.listing(root, "ResourceRecordSets", COMMAND);
    }
    List<YamlNode> sets = new ArrayList<>();
    for (YamlNode change : nodes.listing(root, "Changes", COMMAND)) {
      Mapping one = nodes.object(change, "a change");
      YamlNode set = one == null ? null : nodes.need(one, "ResourceRecordSet");
      if (one != null && "DELETE".equals(nodes.text(one, "Action"))) {
        nodes.error(change, "a change that deletes; a zone is made of CREATE and UPSERT");
      } else if (set != null) {
        sets.add(set);
      }
    }
    return sets;
  }

  private boolean isInZone(Route53RecordSet set) {
    boolean inside = set.name().isAtOrBelow(zone.apex());
    if (!inside) {
      reporter.error(set.position(), set.name() + " is outside of the zone " + zone.apex());
    }
    return inside;
  }

  private Set<DomainName> cuts() {
    Set<DomainName> cuts = new HashSet<>();
    for (Key key : groups.keySet()) {
      if (key.type() == RRType.NS && !key.name().equals(zone.apex())) {
        cuts.add(key.name());
      }
    }
    return cuts;
  }

  private void add(
      Key key, List<Route53RecordSet> group, Set<DomainName> cuts, List<RoutedOwner> routed) {
    Route53RecordSet first = group.getFirst();
    if (group.size() == 1 && isStatic(first, cuts)) {
      for (byte[] value : first.values()) {
        records.add(key.name(), key.type(), first.ttl(), value, first.position());
      }
      return;
    }
    routed.add(
        new RoutedOwner(
            key.name(),
            -1,
            -1,
            new Route53Groups(reporter).policy(group),
            Set.of(key.type()),
            false,
            first.position()));
  }

  private boolean isStatic(Route53RecordSet set, Set<DomainName> cuts) {
    boolean shuffled = ADDRESSES.contains(set.type()) && set.values().size() > 1;
    return set.isPlain() && (!shuffled || isGlue(set.name(), cuts));
  }

  private boolean isGlue(DomainName name, Set<DomainName> cuts) {
    DomainName at = name;
    while (!at.equals(zone.apex()) && !cuts.contains(at)) {
      at = at.parent();
    }
    return cuts.contains(at);
  }

  /** Aliases into other zones are the compiler's to follow. */
  private void alias(Route53RecordSet set) {
    Route53RecordSet.Alias alias = set.alias();
    if (alias == null) {
      return;
    }
    Key target = new Key(alias.target(), set.type());
    String label = RecordCollector.label(set.name(), set.type());
    if (unread.contains(alias.target())) {
      return; // what is wrong there has been said
    }
    if (alias.target().isAtOrBelow(zone.apex()) && !groups.containsKey(target)) {
      reporter.error(
          alias.position(),
          label
              + ": alias to "
              + RecordCollector.label(alias.target(), set.type())
              + ", which is not here; an alias leads to a record set of its own type");
    } else {
      List<Key> path = new ArrayList<>();
      path.add(new Key(set.name(), set.type()));
      int most = hops(target, path, alias.position()) + 1;
      if (most == MAX_ALIASES + 1) {
        reporter.error(
            alias.position(),
            label + ": aliases lead to aliases more than " + MAX_ALIASES + " times");
      }
    }
  }

  /** How many aliases follow one another from here on; not more than one above the limit. */
  private int hops(Key key, List<Key> path, long position) {
    Integer known = hops.get(key);
    if (known != null) {
      return known;
    }
    if (path.contains(key)) {
      path.add(key);
      List<String> names =
          path.subList(path.indexOf(key), path.size()).stream().map(k -> "" + k.name()).toList();
      reporter.error(position, "aliases lead round in a circle: " + String.join(" -> ", names));
      path.removeLast();
      return 0;
    }
    if (path.size() > MAX_ALIASES) {
      return 1;
    }
    path.add(key);
    int most = 0;
    for (Route53RecordSet set : groups.getOrDefault(key, List.of())) {
      if (set.alias() != null) {
        Key next = new Key(set.alias().target(), set.type());
        most = Math.max(most, hops(next, path, set.alias().position()) + 1);
      }
    }
    path.removeLast();
    hops.put(key, most);
    return most;
  }

  /** RFC 2181 §10.1, where policies are involved; master file rules see to the rest. */
  private void cnames() {
    Map<DomainName, Set<Integer>> types = new LinkedHashMap<>();
    groups
        .keySet()
        .forEach(key -> types.computeIfAbsent(key.name(), _ -> new TreeSet<>()).add(key.type()));
    for (Key key : groups.keySet()) {
      Set<Integer> beside = types.getOrDefault(key.name(), Set.of());
      if (key.type() == RRType.CNAME && beside.size() > 1) {
        int other = beside.stream().filter(type -> type != RRType.CNAME).findFirst().orElse(0);
        if (!zone.typesAt(key.name()).containsAll(List.of(RRType.CNAME, other))) {
          reporter.error(
              groups.getOrDefault(key, List.of()).getFirst().position(),
              key.name()
                  + " has a CNAME and "
                  + RRType.toText(other)
                  + "; a CNAME stands alone (RFC 2181 §10.1)");
        }
      }
    }
  }
}
