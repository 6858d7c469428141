package dev.meridian.exchange;

import dev.meridian.exchange.Route53GroupWriter.Lossy.Part;
import dev.meridian.exchange.Route53SetWriter.Group;
import dev.meridian.health.HealthRegistry;
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
import dev.meridian.policy.NearestFirst;
import dev.meridian.policy.OnAllUnhealthy;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Simple;
import dev.meridian.policy.Sticky;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the policy of one name and type as a group of record sets. What is nested gets a name of
 * its own, which an alias leads to ({@link Route53Helpers}).
 *
 * <pre>
 * endpoint                     values, its health check
 * alias                        alias
 * policy in a policy           alias to a name of its own
 * failover of three and more   SECONDARY leads on to the rest
 * latency, twice one region    alias to a failover of both
 * records that stand in for
 * others of one endpoint       alias to a failover of both
 * both branch and endpoint
 * have a check                 alias with the one, to values with the other
 * </pre>
 */
final class Route53GroupWriter {
  /** Takes what Route 53 cannot say, and would answer otherwise. */
  @FunctionalInterface
  interface Lossy {
    /** What of a group cannot be said. */
    enum Part {
      WEIGHTS,
      SIZE,
      ALIASES,
      CHECKS,
      REGION,
      PLACE,
      BLOCKS,
      UNHEALTHY,
      STICKY,
      NEAREST
    }

    /**
     * Takes one.
     *
     * @param rule what Route 53 has
     * @param instead the nearest that can be said
     */
    void tell(Part part, String rule, String instead);
  }

  private static final int MAX_WEIGHT = 255;
  private static final int MAX_ANSWERS = MultivalueAnswer.DEFAULT_MAX;

  private final Route53OutZone zone;
  private final Route53Helpers helpers;
  private final Route53SetWriter sets;
  private final Route53OutCidrs cidrs;
  private final Lossy lossy;
  private final Route53OutPlaces places;

  Route53GroupWriter(
      Route53OutZone zone,
      Route53Helpers helpers,
      Route53OutChecks checks,
      Route53OutCidrs cidrs,
      Lossy lossy,
      List<Route53OutSet> out) {
    this.zone = zone;
    this.helpers = helpers;
    this.sets = new Route53SetWriter(helpers, checks, out);
    this.cidrs = cidrs;
    this.lossy = lossy;
    this.places = new Route53OutPlaces(lossy);
  }

  /** Writes what a name answers for a type that {@code target} has. */
  void write(DomainName name, int type, Target target, long ttl) {
    Group group = new Group(name, type, ttl, new HashSet<>());
    switch (target) {
      case Endpoint endpoint -> simple(group, Candidate.of(endpoint.id(), endpoint));
      case AliasTarget alias -> simple(group, Candidate.of(alias.name().toString(), alias));
      case RoutingPolicy policy -> policy(group, policy);
    }
    while (helpers.next()) {
      write(helpers.name(), helpers.type(), helpers.target(), helpers.ttl());
    }
  }

  private void policy(Group group, RoutingPolicy policy) {
    if (Route53SetWriter.isOneRecordSet(policy, group)) {
      simple(group, Candidate.of(policy.keyword(), policy));
      return;
    }
    switch (policy) {
      case Simple simple -> simple(group, simple.candidate());
      case Failover failover -> failover(group, candidates(failover, group.type()));
      case Weighted weighted -> weighted(group, weighted);
      case MultivalueAnswer some -> multivalue(group, some);
      case Geolocation geo -> geolocation(group, geo);
      case Geoproximity near -> geoproximity(group, near);
      case Latency latency -> latency(group, latency);
      case IpBased blocks -> cidr(group, blocks);
      case OnAllUnhealthy rule -> onAllUnhealthy(group, rule);
    }
  }

  private List<Candidate> candidates(RoutingPolicy policy, int type) {
    return policy.candidates().stream().filter(c -> zone.has(c.target(), type)).toList();
  }

  private void simple(Group group, Candidate given) {
    Candidate candidate = Route53SetWriter.spelledOut(given, group.type());
    if (candidate.target() instanceof RoutingPolicy nested
        && !Route53SetWriter.isOneRecordSet(nested, group)
        && candidate.healthCheck() == HealthRegistry.NONE
        && candidate.evaluateTargetHealth()) {
      policy(group, nested);
    } else {
      sets.put(group, candidate, "", Map.of());
    }
  }

  private void onAllUnhealthy(Group group, OnAllUnhealthy policy) {
    lossy.tell(
        Part.UNHEALTHY,
        "a group of which nothing is healthy fails open",
        "that instead of " + policy.rule().text());
    simple(group, policy.group());
  }

  private void tellIfShared(NearestFirst policy) {
    if (policy.band() != null || policy.spills()) {
      lossy.tell(
          Part.NEAREST,
          "the nearest takes all clients, whatever its capacity",
          "that instead of " + (policy.spills() ? "spill" : "within"));
    }
  }

  private void tellIfSticky(@Nullable Sticky sticky) {
    if (sticky != null) {
      lossy.tell(Part.STICKY, "choices are at random", "that instead of sticky ones");
    }
  }

  private void failover(Group group, List<Candidate> order) {
    if (order.size() == 1) {
      simple(group, order.getFirst());
      return;
    }
    sets.member(group, order.getFirst(), "Failover", "PRIMARY");
    Candidate rest =
        order.size() == 2
            ? order.getLast()
            : Candidate.of("fallback", new Failover(order.subList(1, order.size())));
    sets.member(group, rest, "Failover", "SECONDARY");
  }

  private void weighted(Group group, Weighted policy) {
    tellIfSticky(policy.sticky());
    List<Weighted.Share> shares =
        policy.shares().stream()
            .filter(share -> zone.has(share.candidate().target(), group.type()))
            .toList();
    long most = shares.stream().mapToLong(Weighted.Share::weight).max().orElse(0);
    long divisor =
        most <= MAX_WEIGHT
            ? 1
            : shares.stream().mapToLong(Weighted.Share::weight).reduce(0, Route53GroupWriter::gcd);
    if (most > MAX_WEIGHT * Math.max(1, divisor)) {
      lossy.tell(Part.WEIGHTS, "weights are 0 to 255", "the nearest shares that these can make");
    }
    for (Weighted.Share share : shares) {
      long weight = share.weight() / Math.max(1, divisor);
      if (most > MAX_WEIGHT * Math.max(1, divisor)) {
        double exact = (double) share.weight() * MAX_WEIGHT / most;
        weight = share.weight() == 0 ? 0 : Math.max(1, Math.round(exact));
      }
      sets.member(group, share.candidate(), "Weight", weight);
    }
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private void multivalue(Group group, MultivalueAnswer policy) {
    tellIfSticky(policy.sticky());
    List<Candidate> candidates = candidates(policy, group.type());
    boolean all = candidates.size() <= Math.min(policy.max(), MAX_ANSWERS);
    if (!all && policy.max() != MAX_ANSWERS) {
      lossy.tell(Part.SIZE, "multivalue answers with up to 8", "8 instead of " + policy.max());
    }
    for (Candidate candidate : candidates) {
      if (isValues(candidate.target(), group)) {
        sets.member(group, withOneCheck(group, candidate), "MultiValueAnswer", true);
      } else {
        lossy.tell(
            Part.ALIASES, "multivalue has no aliases", "'" + candidate.id() + "' is left out");
      }
    }
  }

  /** Elsewhere an alias carries the branch's check; multivalue has none. */
  private Candidate withOneCheck(Group group, Candidate candidate) {
    if (!hasTwoChecks(group, candidate)) {
      return candidate;
    }
    lossy.tell(
        Part.CHECKS,
        "a record set of a multivalue has one health check",
        "'" + candidate.id() + "' keeps that of its endpoint");
    return Candidate.of(candidate.id(), candidate.target());
  }

  private static boolean hasTwoChecks(Group group, Candidate candidate) {
    return candidate.target() instanceof Endpoint endpoint
        && candidate.evaluateTargetHealth()
        && candidate.healthCheck() != HealthRegistry.NONE
        && endpoint.members(group.type()).stream()
            .anyMatch(member -> member.healthCheck() != HealthRegistry.NONE);
  }

  private boolean isValues(Target target, Group group) {
    return target instanceof RoutingPolicy policy
        ? Route53SetWriter.isOneRecordSet(policy, group)
        : target instanceof Endpoint endpoint && endpoint.members(group.type()).size() == 1;
  }

  private void geolocation(Group group, Geolocation policy) {
    for (Geolocation.Region region : policy.regions()) {
      Geolocation.Key key = region.key();
      if (!zone.has(region.candidate().target(), group.type())) {
        continue;
      }
      Map<String, Object> place = Route53OutPlaces.place(key);
      if (place.isEmpty()) {
        lossy.tell(
            Part.PLACE,
            "places are continents, countries and subdivisions of US",
            key + " is answered as what is around it");
      } else {
        sets.member(group, region.candidate(), "GeoLocation", place);
      }
    }
  }

  private void geoproximity(Group group, Geoproximity policy) {
    tellIfShared(policy);
    for (Geoproximity.Site site : policy.sites()) {
      if (zone.has(site.candidate().target(), group.type())) {
        Map<String, Object> location = places.point(site.coordinates());
        location.put("Bias", site.bias());
        sets.member(group, site.candidate(), "GeoProximityLocation", location);
      }
    }
  }

  private void latency(Group group, Latency policy) {
    tellIfShared(policy);
    Map<String, List<Candidate>> regions = new TreeMap<>();
    for (Latency.Site site : policy.sites()) {
      if (zone.has(site.candidate().target(), group.type())) {
        regions.computeIfAbsent(places.region(site), _ -> new ArrayList<>()).add(site.candidate());
      }
    }
    regions.remove("");
    regions.forEach(
        (region, candidates) -> {
          candidates.sort(Comparator.comparing(Candidate::id));
          Candidate only =
              candidates.size() == 1
                  ? candidates.getFirst()
                  : Candidate.of(region, new Failover(candidates));
          sets.member(group, only, "Region", region);
        });
  }

  private void cidr(Group group, IpBased policy) {
    Route53OutCidrs.Collection collection = cidrs.of(zone.zone().apex().toString(), policy);
    for (int i = 0; i < policy.networks().size(); i++) {
      IpBased.Network network = policy.networks().get(i);
      for (Prefix block : network.blocks()) {
        if (block.length() > (block.ipv4() ? 24 : 48)) {
          lossy.tell(Part.BLOCKS, "blocks are /24 and /48 at the longest", block + " all the same");
        }
      }
      if (zone.has(network.candidate().target(), group.type())) {
        Map<String, Object> routing = new LinkedHashMap<>();
        routing.put("CollectionId", collection.id());
        routing.put("LocationName", collection.locations().get(i));
        sets.member(group, network.candidate(), "CidrRoutingConfig", routing);
      }
    }
  }
}
