package dev.meridian.exchange;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Regions;
import dev.meridian.health.HealthRegistry;
import dev.meridian.master.MasterFileWriter;
import dev.meridian.master.RecordCollector;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Geolocation;
import dev.meridian.policyfile.PolicyChecks;
import dev.meridian.route53.Route53RecordSet;
import dev.meridian.route53.Route53RecordSet.Alias;
import dev.meridian.rr.RRType;
import dev.meridian.source.Reporter;
import dev.meridian.source.YamlText;
import dev.meridian.source.YamlText.Items;
import dev.meridian.source.YamlText.Keys;
import dev.meridian.source.YamlText.Text;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes Route 53's record set groups as the {@code records} of a policy file. Types of a name
 * whose groups say the same become one policy over endpoints that have all of the types; a type
 * that has its own mind gets a name of its own, which the name that is asked is an alias of.
 */
final class Route53PolicyWriter {
  /** What aliases to names outside of the zones bring. */
  private static final Set<Integer> RESOLVED = Set.of(RRType.A, RRType.AAAA);

  private final DomainName apex;
  private final Reporter reporter;
  private final Route53Endpoints endpoints;
  private final Route53CheckTexts checks;
  private final Map<DomainName, Map<Integer, List<Route53RecordSet>>> names = new LinkedHashMap<>();
  private final Map<DomainName, Set<Integer>> typesAt;
  private final Map<String, YamlText> records = new LinkedHashMap<>();

  /**
   * @param routed the groups to be written
   * @param typesAt all types of all names of the zone
   */
  Route53PolicyWriter(
      DomainName apex,
      Reporter reporter,
      Route53CheckTexts checks,
      List<List<Route53RecordSet>> routed,
      Map<DomainName, Set<Integer>> typesAt) {
    this.apex = apex;
    this.reporter = reporter;
    this.checks = checks;
    this.endpoints = new Route53Endpoints(apex);
    this.typesAt = typesAt;
    for (List<Route53RecordSet> group : routed) {
      Route53RecordSet first = group.getFirst();
      names.computeIfAbsent(first.name(), _ -> new TreeMap<>()).put(first.type(), group);
    }
  }

  /** The whole file. */
  String text(String comment) {
    names.forEach(this::name);
    StringBuilder out = new StringBuilder("# " + comment + "\n");
    section(out, "health-checks", checks.used());
    section(out, "endpoints", endpoints.texts());
    section(out, "records", records);
    return out.toString();
  }

  private static void section(StringBuilder out, String key, Map<String, YamlText> entries) {
    if (!entries.isEmpty()) {
      out.append('\n').append(key).append(":\n");
      entries.forEach((name, value) -> YamlText.entry(out, 2, name, value));
    }
  }

  private void name(DomainName name, Map<Integer, List<Route53RecordSet>> groups) {
    List<Route53Cluster> clusters = Route53Cluster.of(groups);
    String owner = MasterFileWriter.relative(name, apex);
    if (clusters.size() == 1) {
      records.put(owner, record(clusters.getFirst()));
      return;
    }
    List<YamlText> aliases = new ArrayList<>();
    for (Route53Cluster cluster : clusters) {
      String types =
          cluster.groups().keySet().stream()
              .map(type -> RRType.toText(type).toLowerCase(Locale.ROOT))
              .collect(Collectors.joining("-"));
      String helper = helper(types, name);
      records.put(helper, record(cluster));
      aliases.add(keys("alias", new Text(helper)));
    }
    records.put(owner, keys("failover", new Items(aliases)));
  }

  /** A name beside the one that is asked, for the types that have a policy of their own. */
  private String helper(String types, DomainName name) {
    String owner = MasterFileWriter.relative(name, apex);
    String rest = owner.equals("@") ? "" : "." + owner.replace("*", "_any");
    String helper = "_" + types + rest;
    while (typesAt.containsKey(DomainName.parse(helper, apex)) || records.containsKey(helper)) {
      helper = "_" + helper;
    }
    return helper;
  }

  private YamlText record(Route53Cluster cluster) {
    Map<String, YamlText> record = new LinkedHashMap<>();
    long ttl = cluster.ttl();
    if (ttl >= 0) {
      record.put("ttl", new Text(Long.toString(ttl)));
      cluster.first().stream()
          .filter(set -> set.ttl() > ttl)
          .findFirst()
          .ifPresent(set -> warnOfTtl(set, ttl));
    }
    cluster.groups().values().forEach(group -> group.forEach(this::warnOfOutside));
    if (aliasesBringMore(cluster)) {
      List<YamlText> types =
          cluster.groups().keySet().stream()
              .<YamlText>map(type -> new Text(RRType.toText(type)))
              .toList();
      record.put("types", types.size() == 1 ? types.getFirst() : new Items(types));
    }
    record.putAll(policy(cluster));
    return new Keys(record);
  }

  private void warnOfTtl(Route53RecordSet set, long ttl) {
    reporter.warning(
        set.position(),
        RecordCollector.label(set.name(), set.type())
            + ": a policy has one TTL, and this record set has "
            + set.ttl()
            + "; written with the smallest, "
            + ttl);
  }

  private void warnOfOutside(Route53RecordSet set) {
    Alias alias = set.alias();
    boolean resolved = RESOLVED.contains(set.type());
    if (alias != null && !alias.target().isAtOrBelow(apex) && !resolved) {
      reporter.warning(
          alias.position(),
          RecordCollector.label(set.name(), set.type())
              + ": alias to "
              + alias.target()
              + ", outside of this zone; of names that no zone served has, only A and AAAA are"
              + " resolved: others of its group answer, and if none can: SERVFAIL");
    }
  }

  /** Whether aliases lead to types that the name itself does not answer, or nobody knows. */
  private boolean aliasesBringMore(Route53Cluster cluster) {
    Set<Integer> brought = new TreeSet<>();
    for (Route53RecordSet set : cluster.first()) {
      if (set.alias() != null) {
        DomainName target = set.alias().target();
        brought.addAll(target.isAtOrBelow(apex) ? Set.of() : RESOLVED);
        brought.addAll(typesAt.getOrDefault(target, Set.of()));
      }
    }
    brought.removeAll(PolicyChecks.NOT_ALIASED);
    return !cluster.groups().keySet().containsAll(brought);
  }

  private Map<String, YamlText> policy(Route53Cluster cluster) {
    List<Route53RecordSet> group = cluster.first();
    return switch (group.getFirst().routing()) {
      case null -> simple(cluster);
      case Route53RecordSet.Weight _ -> Map.of("weighted", weighted(cluster));
      case Route53RecordSet.Failover _ -> Map.of("failover", new Items(failover(cluster)));
      case Route53RecordSet.Multivalue _ -> Map.of("multivalue", new Items(branches(cluster)));
      case Route53RecordSet.Region _ -> Map.of("latency", new Items(branches(cluster)));
      case Route53RecordSet.Proximity _ -> Map.of("geoproximity", new Items(branches(cluster)));
      case Route53RecordSet.Geo _ -> Map.of("geolocation", geolocation(cluster));
      case Route53RecordSet.Cidr _ -> Map.of("cidr", cidr(cluster));
    };
  }

  private Map<String, YamlText> simple(Route53Cluster cluster) {
    Route53RecordSet set = cluster.first().getFirst();
    Map<String, YamlText> options = options(set);
    YamlText answer = answer(cluster, 0);
    if (!options.isEmpty()) {
      return Map.of("failover", new Items(List.of(branch(answer, options))));
    }
    return answer instanceof Keys choice ? choice.entries() : Map.of("endpoint", answer);
  }

  private YamlText weighted(Route53Cluster cluster) {
    List<YamlText> branches = branches(cluster);
    boolean plain = branches.stream().allMatch(branch -> isPlainShare((Keys) branch));
    if (!plain) {
      return new Items(branches);
    }
    Map<String, YamlText> shares = new LinkedHashMap<>();
    branches.forEach(
        branch -> {
          Map<String, YamlText> share = ((Keys) branch).entries();
          shares.put(
              ((Text) Objects.requireNonNull(share.get("answer"))).text(),
              Objects.requireNonNull(share.get("weight")));
        });
    return new Keys(shares);
  }

  private static boolean isPlainShare(Keys branch) {
    return branch.entries().size() == 2 && branch.entries().get("answer") instanceof Text;
  }

  private List<YamlText> failover(Route53Cluster cluster) {
    List<YamlText> branches = branches(cluster);
    boolean reversed =
        cluster.first().getFirst().routing() instanceof Route53RecordSet.Failover role
            && !role.primary();
    return reversed ? branches.reversed() : branches;
  }

  /** The branches of a policy that is written as a list. */
  private List<YamlText> branches(Route53Cluster cluster) {
    Set<String> ids = new HashSet<>();
    List<YamlText> branches = new ArrayList<>();
    for (int i = 0; i < cluster.first().size(); i++) {
      Route53RecordSet set = cluster.first().get(i);
      Map<String, YamlText> options = new LinkedHashMap<>(selector(set));
      options.putAll(options(set));
      YamlText answer = answer(cluster, i);
      boolean multivalueAlias =
          set.routing() instanceof Route53RecordSet.Multivalue && set.alias() != null;
      if (multivalueAlias) {
        answer = keys("failover", new Items(List.of(answer)));
      }
      String id =
          set.alias() != null
              ? set.alias().target().toString()
              : answer instanceof Text text ? text.text() : keyword(i);
      boolean ranked =
          set.routing() instanceof Route53RecordSet.Region
              || set.routing() instanceof Route53RecordSet.Proximity;
      if ((ranked && !id.equals(set.id())) || !ids.add(id.toLowerCase(Locale.ROOT))) {
        options.put("id", new Text(set.id().isEmpty() ? "branch-" + (i + 1) : set.id()));
      }
      branches.add(branch(answer, options));
    }
    return branches;
  }

  /** What explanations call a policy that has no id. */
  private static String keyword(int position) {
    return "multivalue#" + (position + 1);
  }

  private static YamlText branch(YamlText answer, Map<String, YamlText> options) {
    if (options.isEmpty()) {
      return answer;
    }
    Map<String, YamlText> branch = new LinkedHashMap<>();
    if (options.containsKey("weight")) {
      branch.put("weight", Objects.requireNonNull(options.get("weight")));
    }
    branch.put("answer", answer);
    branch.putAll(options);
    return new Keys(branch);
  }

  private static Map<String, YamlText> selector(Route53RecordSet set) {
    Map<String, YamlText> selector = new LinkedHashMap<>();
    switch (set.routing()) {
      case Route53RecordSet.Weight weight ->
          selector.put("weight", new Text(Long.toString(weight.weight())));
      case Route53RecordSet.Region region -> selector.put("location", new Text(region.region()));
      case Route53RecordSet.Proximity proximity -> {
        selector.put("location", location(proximity.coordinates()));
        if (proximity.bias() != 0) {
          selector.put("bias", new Text(Integer.toString(proximity.bias())));
        }
      }
      case null, default -> {}
    }
    return selector;
  }

  private static YamlText location(Coordinates coordinates) {
    return Regions.names().stream()
        .filter(name -> coordinates.equals(Regions.coordinates(name).orElse(null)))
        .min(Comparator.naturalOrder())
        .<YamlText>map(Text::new)
        .orElseGet(
            () ->
                new Items(
                    List.of(
                        new Text(Double.toString(coordinates.latitude())),
                        new Text(Double.toString(coordinates.longitude())))));
  }

  /** What a branch says beside its answer, the same for every policy. */
  private Map<String, YamlText> options(Route53RecordSet set) {
    Map<String, YamlText> options = new LinkedHashMap<>();
    String check = set.check() == HealthRegistry.NONE ? "" : checks.use(set.check());
    if (!check.isEmpty()) {
      options.put("health-check", new Text(check));
    }
    if (set.alias() != null && !set.alias().evaluateTargetHealth()) {
      options.put("evaluate-target-health", new Text("false"));
    }
    return options;
  }

  private YamlText answer(Route53Cluster cluster, int position) {
    List<Route53RecordSet> sets = cluster.candidates(position);
    Alias alias = sets.getFirst().alias();
    return alias == null
        ? endpoints.answer(sets)
        : keys("alias", new Text(MasterFileWriter.relative(alias.target(), apex)));
  }

  private YamlText geolocation(Route53Cluster cluster) {
    Map<String, YamlText> places = new LinkedHashMap<>();
    YamlText fallback = new Text("none");
    for (int i = 0; i < cluster.first().size(); i++) {
      Route53RecordSet set = cluster.first().get(i);
      YamlText branch = branch(answer(cluster, i), options(set));
      Geolocation.Key key =
          set.routing() instanceof Route53RecordSet.Geo geo ? geo.place() : Geolocation.Key.DEFAULT;
      if (key.equals(Geolocation.Key.DEFAULT)) {
        fallback = branch;
      } else {
        add(places, key.toString(), branch);
      }
    }
    return withDefault(places, fallback);
  }

  private YamlText cidr(Route53Cluster cluster) {
    Map<String, YamlText> blocks = new LinkedHashMap<>();
    YamlText fallback = new Text("none");
    for (int i = 0; i < cluster.first().size(); i++) {
      Route53RecordSet set = cluster.first().get(i);
      YamlText branch = branch(answer(cluster, i), options(set));
      List<Prefix> of =
          set.routing() instanceof Route53RecordSet.Cidr cidr ? cidr.blocks() : List.of();
      if (of.isEmpty()) {
        fallback = branch;
      } else {
        blocks.put(of.stream().map(Prefix::toString).collect(Collectors.joining(" ")), branch);
      }
    }
    return withDefault(blocks, fallback);
  }

  /** Places with the same answer share a line. */
  private static void add(Map<String, YamlText> places, String key, YamlText branch) {
    for (String other : new LinkedHashSet<>(places.keySet())) {
      if (branch.equals(places.get(other)) && other.length() < 40) {
        places.remove(other);
        places.put(other + " " + key, branch);
        return;
      }
    }
    places.put(key, branch);
  }

  /** Says who gets no answer, as the policy file wants it said. */
  private static YamlText withDefault(Map<String, YamlText> keys, YamlText fallback) {
    keys.put("default", fallback);
    return new Keys(keys);
  }

  private static Keys keys(String key, YamlText value) {
    return new Keys(Map.of(key, value));
  }
}
