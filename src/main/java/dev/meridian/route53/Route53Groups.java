package dev.meridian.route53;

import dev.meridian.health.HealthRegistry;
import dev.meridian.master.RecordCollector;
import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.Geoproximity;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.Latency;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Simple;
import dev.meridian.policy.Weighted;
import dev.meridian.route53.Route53RecordSet.Alias;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.source.Reporter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a policy of the record sets of one name and type. */
final class Route53Groups {
  /** What Route 53 takes no routing policy for. */
  private static final Set<Integer> SIMPLE_ONLY = Set.of(RRType.NS, RRType.SOA, RRType.DS);

  private final Reporter reporter;

  Route53Groups(Reporter reporter) {
    this.reporter = reporter;
  }

  /** The group as a policy, for use only if no error was reported. */
  RoutingPolicy policy(List<Route53RecordSet> group) {
    Route53RecordSet first = group.getFirst();
    check(group);
    List<Candidate> candidates = group.stream().map(Route53Groups::candidate).toList();
    return switch (first.routing()) {
      case null -> new Simple(candidates.getFirst());
      case Route53RecordSet.Weight _ -> new Weighted(each(group, this::share));
      case Route53RecordSet.Region _ -> new Latency(each(group, this::latency));
      case Route53RecordSet.Failover _ -> new Failover(byRole(group));
      case Route53RecordSet.Geo _ -> new Geolocation(each(group, this::place));
      case Route53RecordSet.Multivalue _ ->
          new MultivalueAnswer(candidates, MultivalueAnswer.DEFAULT_MAX);
      case Route53RecordSet.Proximity _ -> new Geoproximity(each(group, this::site));
      case Route53RecordSet.Cidr _ -> new IpBased(each(group, this::network));
    };
  }

  private static <T> List<T> each(
      List<Route53RecordSet> group, java.util.function.Function<Route53RecordSet, T> of) {
    Class<?> kind = kind(group.getFirst());
    return group.stream().filter(set -> kind(set) == kind).map(of).toList();
  }

  private static Class<?> kind(Route53RecordSet set) {
    return set.routing() == null ? Simple.class : set.routing().getClass();
  }

  private static Candidate candidate(Route53RecordSet set) {
    String id = set.id().isEmpty() ? set.name().toString() : set.id();
    Alias alias = set.alias();
    if (alias != null) {
      return new Candidate(
          id, new AliasTarget(alias.target()), set.check(), alias.evaluateTargetHealth());
    }
    RRset records = new RRset(set.type(), set.ttl(), set.values());
    Endpoint endpoint =
        new Endpoint(id, List.of(new Endpoint.Member(records, HealthRegistry.NONE)));
    return new Candidate(id, endpoint, set.check(), false);
  }

  private Weighted.Share share(Route53RecordSet set) {
    return set.routing() instanceof Route53RecordSet.Weight weight
        ? new Weighted.Share(candidate(set), weight.weight())
        : new Weighted.Share(candidate(set), 0);
  }

  private Latency.Site latency(Route53RecordSet set) {
    return set.routing() instanceof Route53RecordSet.Region region
        ? new Latency.Site(candidate(set), region.region(), region.coordinates())
        : new Latency.Site(candidate(set), "", null);
  }

  private static List<Candidate> byRole(List<Route53RecordSet> group) {
    return group.stream()
        .sorted(java.util.Comparator.comparing(set -> !isPrimary(set)))
        .map(Route53Groups::candidate)
        .toList();
  }

  private static boolean isPrimary(Route53RecordSet set) {
    return set.routing() instanceof Route53RecordSet.Failover failover && failover.primary();
  }

  private Geolocation.Region place(Route53RecordSet set) {
    return new Geolocation.Region(
        candidate(set),
        set.routing() instanceof Route53RecordSet.Geo geo ? geo.place() : Geolocation.Key.DEFAULT);
  }

  private Geoproximity.Site site(Route53RecordSet set) {
    Route53RecordSet.Proximity proximity =
        (Route53RecordSet.Proximity) java.util.Objects.requireNonNull(set.routing());
    return new Geoproximity.Site(candidate(set), proximity.coordinates(), proximity.bias());
  }

  private IpBased.Network network(Route53RecordSet set) {
    return new IpBased.Network(
        candidate(set),
        set.routing() instanceof Route53RecordSet.Cidr cidr ? cidr.blocks() : List.of());
  }

  private void check(List<Route53RecordSet> group) {
    Route53RecordSet first = group.getFirst();
    Map<String, Route53RecordSet> ids = new HashMap<>();
    Map<Object, Route53RecordSet> selectors = new HashMap<>();
    for (Route53RecordSet set : group) {
      twice(set, ids.putIfAbsent(set.id(), set), "the SetIdentifier '" + set.id() + "'");
      if (kind(set) != kind(first)) {
        error(
            set,
            "the record sets of a name and type have one routing policy; "
                + reporter.describe(first.position())
                + " has another");
      } else if (selector(set) != null) {
        twice(set, selectors.putIfAbsent(selector(set), set), selector(set));
      }
      types(set);
    }
    collections(group);
    warnings(group);
  }

  /** What no two record sets of a group may share; null: anything may be there twice. */
  private static @org.jspecify.annotations.Nullable Object selector(Route53RecordSet set) {
    return switch (set.routing()) {
      case Route53RecordSet.Failover failover -> failover.primary() ? "PRIMARY" : "SECONDARY";
      case Route53RecordSet.Geo geo -> geo.place();
      case Route53RecordSet.Cidr cidr ->
          "the location '"
              + cidr.location()
              + "'"
              + (cidr.location().equals("*") ? "" : " of " + cidr.collection());
      case null, default -> null;
    };
  }

  private void twice(
      Route53RecordSet set,
      @org.jspecify.annotations.Nullable Route53RecordSet other,
      @org.jspecify.annotations.Nullable Object what) {
    if (other != null) {
      error(
          set,
          what
              + " is in this group already ("
              + reporter.describe(other.position())
              + "); change or remove one of the two");
    }
  }

  private void types(Route53RecordSet set) {
    boolean simple = set.routing() == null;
    if (SIMPLE_ONLY.contains(set.type()) && (!simple || set.alias() != null)) {
      error(set, RRType.toText(set.type()) + " record sets are simple, and no alias");
    }
    if (set.type() == RRType.CNAME && set.values().size() > 1) {
      error(set, "a CNAME has one value");
    }
    if (set.type() == RRType.CNAME && set.routing() instanceof Route53RecordSet.Multivalue) {
      error(set, "multivalue would answer with several CNAMEs; one is allowed");
    }
  }

  private void warnings(List<Route53RecordSet> group) {
    Route53RecordSet first = group.getFirst();
    boolean proximity = first.routing() instanceof Route53RecordSet.Proximity;
    int most = proximity ? 30 : 100;
    if (group.size() > most) {
      warning(group.get(most), "Route 53 has at most " + most + " record sets in this group");
    }
    sharedRegions(group);
    for (Route53RecordSet set : group) {
      boolean weighted = set.routing() instanceof Route53RecordSet.Weight;
      if (weighted && set.ttl() >= 0 && first.ttl() >= 0 && set.ttl() != first.ttl()) {
        warning(set, "Route 53 refuses weighted record sets of one group with unequal TTLs");
      }
      if (isPrimary(set) && set.alias() == null && set.check() == HealthRegistry.NONE) {
        warning(set, "without HealthCheckId PRIMARY always answers; Route 53 refuses that");
      }
      if (set.alias() != null && set.routing() instanceof Route53RecordSet.Multivalue) {
        warning(set, "Route 53 refuses a multivalue alias; it is served");
      }
    }
  }

  /** Of two that are equally far, the one whose SetIdentifier comes first is answered. */
  private void sharedRegions(List<Route53RecordSet> group) {
    Map<String, Route53RecordSet> regions = new HashMap<>();
    for (Route53RecordSet set : group) {
      if (set.routing() instanceof Route53RecordSet.Region region
          && regions.putIfAbsent(region.region(), set) != null) {
        warning(
            set,
            "Route 53 refuses a second record set for "
                + region.region()
                + "; it is answered only while the other is unhealthy");
      }
    }
  }

  /** A block that leads two ways; Route 53 has one collection a group, in which none does. */
  private void collections(List<Route53RecordSet> group) {
    Map<Prefix, Route53RecordSet> blocks = new HashMap<>();
    String first = "";
    for (Route53RecordSet set : group) {
      if (set.routing() instanceof Route53RecordSet.Cidr cidr) {
        first = first.isEmpty() ? cidr.collection() : first;
        if (!cidr.collection().equals(first)) {
          warning(set, "Route 53 refuses two CIDR collections in a group; both are served");
        }
        for (Prefix block : cidr.blocks()) {
          twice(set, blocks.putIfAbsent(block, set), "the block " + block);
        }
      }
    }
  }

  private void error(Route53RecordSet set, String message) {
    reporter.error(set.position(), RecordCollector.label(set.name(), set.type()) + ": " + message);
  }

  private void warning(Route53RecordSet set, String message) {
    reporter.warning(
        set.position(), RecordCollector.label(set.name(), set.type()) + ": " + message);
  }
}
