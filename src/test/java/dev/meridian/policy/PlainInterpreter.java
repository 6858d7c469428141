package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.Location;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.Weight;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Routing policies as anybody would write them down from the documentation, slow and plain: walks
 * the tree as written for one client, knows nothing of classes, orders or decisions, and gives the
 * exact probability of every answer. What the compiled engine is held against.
 */
final class PlainInterpreter {
  /**
   * An answer is the set of endpoint ids; the value is its probability.
   *
   * @param empty whether nothing applies to the client
   * @param percent what it takes of what it would, as time or a person says
   */
  record Result(Map<Set<String>, Double> answers, boolean healthy, boolean empty, double percent) {}

  /** One line of a latency table. */
  record Measurement(String network, String region, int ms) {}

  /**
   * Who takes the client's cell of a policy that spills: the plan, which is not worked out again
   * here; {@code SpillTest} has its laws.
   */
  @FunctionalInterface
  interface Plans {
    /** The position, or -1 if the client is in no cell. */
    int position(NearestFirst policy, EligibilitySnapshot health);
  }

  private final IdentityHashMap<Target, Result> results = new IdentityHashMap<>();
  private final GeoDatabase geo;
  private final List<Measurement> measurements;
  private final Plans plans;

  /** All states of health there ever were, the present one last. */
  private final List<EligibilitySnapshot> history;

  private final EligibilitySnapshot health;
  private final Prefix client;
  private final int type;

  /** The lines of the client's network. */
  private final List<Measurement> row;

  PlainInterpreter(
      GeoDatabase geo,
      List<Measurement> measurements,
      Plans plans,
      List<EligibilitySnapshot> history,
      Prefix client,
      int type) {
    this.geo = geo;
    this.measurements = measurements;
    this.plans = plans;
    this.history = history;
    this.health = history.getLast();
    this.client = client;
    this.type = type;
    this.row = measurements.isEmpty() ? measurements : row(geo.lookup(client).location());
  }

  boolean hasRecords(Target target) {
    return switch (target) {
      case Endpoint endpoint -> endpoint.member(type) != null;
      case AliasTarget _ -> false;
      case OnAllUnhealthy rule -> hasRecords(rule.group().target());
      case RoutingPolicy policy ->
          policy.candidates().stream().anyMatch(candidate -> hasRecords(candidate.target()));
    };
  }

  /** What a target answers; asked again and again on the way up, so worked out once. */
  Result answer(Target target) {
    Result known = results.get(target);
    if (known == null) {
      known = work(target);
      results.put(target, known);
    }
    return known;
  }

  private Result work(Target target) {
    if (target instanceof Endpoint endpoint) {
      if (endpoint.members(type).size() > 1) {
        return answer(endpoint.alternatives(type));
      }
      Endpoint.Member member = endpoint.member(type);
      boolean up = member != null && health.isEligible(member.healthCheck());
      double percent = member == null ? 100 : percent(member.healthCheck());
      Set<String> answer =
          member == null ? Set.of() : Set.of(named(endpoint.id(), member.records()));
      return new Result(Map.of(answer, 1.0), up, false, percent);
    }
    if (target instanceof OnAllUnhealthy rule) {
      Result group = answer(rule.group().target());
      return group.healthy() || group.empty()
          ? group
          : new Result(whenUnhealthy(rule, group), false, false, 100);
    }
    RoutingPolicy policy = (RoutingPolicy) target;
    List<Candidate> applicable =
        applicable(policy).stream().filter(c -> hasRecords(c.target())).toList();
    if (applicable.isEmpty()) {
      return new Result(Map.of(Set.of(), 1.0), false, true, 100);
    }
    List<Candidate> healthy = applicable.stream().filter(this::isHealthy).toList();
    List<Candidate> pool = healthy.isEmpty() ? applicable : healthy;
    double percent = pool.stream().mapToDouble(this::percent).max().orElse(100);
    return new Result(pick(policy, pool), !healthy.isEmpty(), false, percent);
  }

  private double percent(int check) {
    Weight weight = health.weight(check);
    boolean number = weight != null && weight.kind() == Weight.Kind.NUMBER;
    return weight == null || (number && weight.number() > 0) ? 100 : weight.number();
  }

  private double percent(Candidate candidate) {
    double inside = candidate.evaluateTargetHealth() ? answer(candidate.target()).percent() : 100;
    return Math.min(percent(candidate.healthCheck()), inside);
  }

  /** The weight that a person set, or a part of the one written. */
  private double weight(Candidate candidate, long written) {
    Weight own = health.weight(candidate.healthCheck());
    if (own != null && own.kind() == Weight.Kind.NUMBER) {
      return own.number();
    }
    Endpoint.Member member =
        candidate.evaluateTargetHealth()
                && candidate.target() instanceof Endpoint endpoint
                && endpoint.members(type).size() == 1
            ? endpoint.member(type)
            : null;
    Weight inside = member == null ? null : health.weight(member.healthCheck());
    return inside != null && inside.kind() == Weight.Kind.NUMBER
        ? inside.number()
        : written * percent(candidate) / 100;
  }

  /** An endpoint may have several RRsets of a type: the last octet says which. */
  static String named(String id, RRset records) {
    byte[] rdata = records.rdata(0);
    return id + "/" + rdata[rdata.length - 1];
  }

  private Map<Set<String>, Double> whenUnhealthy(OnAllUnhealthy rule, Result failOpen) {
    return switch (rule.rule()) {
      case NODATA -> Map.of(Set.of(), 1.0);
      case SERVFAIL -> Map.of(Set.of(Distributions.FAILURE), 1.0);
      case INSTEAD -> {
        Target other = rule.instead().orElseThrow().target();
        yield hasRecords(other) ? answer(other).answers() : Map.of(Set.of(), 1.0);
      }
      case LAST_GOOD -> {
        for (int now = history.size() - 1; now > 0; now--) {
          Result then =
              new PlainInterpreter(geo, measurements, plans, history.subList(0, now), client, type)
                  .answer(rule.group().target());
          if (then.healthy()) {
            yield then.answers();
          }
        }
        yield failOpen.answers();
      }
    };
  }

  private boolean isHealthy(Candidate candidate) {
    if (!health.isEligible(candidate.healthCheck())) {
      return false;
    }
    return !candidate.evaluateTargetHealth() || answer(candidate.target()).healthy();
  }

  private List<Candidate> applicable(RoutingPolicy policy) {
    Location place = geo.lookup(client).location();
    return switch (policy) {
      case Geolocation geolocation -> {
        List<Candidate> chain = new ArrayList<>();
        for (Geolocation.Key wanted : mostSpecificFirst(place, geo.lookup(client).asNumber())) {
          for (Geolocation.Region region : geolocation.regions()) {
            if (region.key().equals(wanted) && !chain.contains(region.candidate())) {
              chain.add(region.candidate());
            }
          }
        }
        yield chain;
      }
      case Geoproximity proximity ->
          proximity.sites().stream()
              .sorted(
                  Comparator.comparingDouble((Geoproximity.Site s) -> biased(s, place))
                      .thenComparing(s -> s.candidate().id()))
              .map(Geoproximity.Site::candidate)
              .toList();
      case Latency latency ->
          latency.sites().stream()
              .sorted(
                  Comparator.comparingDouble((Latency.Site s) -> milliseconds(s, place))
                      .thenComparing(s -> s.candidate().id()))
              .map(Latency.Site::candidate)
              .toList();
      case IpBased ipBased -> {
        Map<Integer, Candidate> byLength = new TreeMap<>(Comparator.reverseOrder());
        for (IpBased.Network network : ipBased.networks()) {
          if (network.isDefault()) {
            byLength.put(-1, network.candidate());
          }
          for (Prefix block : network.blocks()) {
            if (block.contains(client)) {
              byLength.put(block.length(), network.candidate());
            }
          }
        }
        yield byLength.values().stream().distinct().toList();
      }
      case Simple _, Weighted _, Failover _, MultivalueAnswer _, OnAllUnhealthy _ ->
          policy.candidates();
    };
  }

  /** Every key that a policy could have for a client. */
  private static List<Geolocation.Key> mostSpecificFirst(Location place, int asNumber) {
    String country = place.country();
    List<Geolocation.Key> keys = new ArrayList<>();
    if (asNumber > 0) {
      keys.add(Geolocation.Key.network(asNumber));
    }
    if (place.geonameId() > 0) {
      keys.add(Geolocation.Key.geoname(place.geonameId()));
    }
    List<String> parts =
        Stream.of(place.district(), place.subdivision()).filter(part -> !part.isEmpty()).toList();
    if (!place.city().isEmpty()) {
      parts.forEach(part -> keys.add(Geolocation.Key.city(country, part, place.city())));
      keys.add(Geolocation.Key.city(country, "", place.city()));
    }
    parts.forEach(part -> keys.add(Geolocation.Key.subdivision(country, part)));
    if (!country.isEmpty()) {
      keys.add(Geolocation.Key.country(country));
    }
    if (!place.continent().isEmpty()) {
      keys.add(Geolocation.Key.continent(place.continent()));
    }
    keys.add(Geolocation.Key.DEFAULT);
    return keys;
  }

  private static double biased(Geoproximity.Site site, Location place) {
    double bias = site.bias();
    double factor = bias >= 0 ? 1 - bias / 100 : 1 / (1 + bias / 100);
    Coordinates client = place.coordinates();
    return client == null ? factor : client.distanceKm(site.coordinates()) * factor;
  }

  private static double kilometres(
      @org.jspecify.annotations.Nullable Coordinates site, Location place) {
    Coordinates client = place.coordinates();
    return client == null || site == null ? 1e9 : client.distanceKm(site);
  }

  private Map<Set<String>, Double> pick(RoutingPolicy policy, List<Candidate> pool) {
    return switch (policy) {
      case NearestFirst near when near.spills() -> planned(near, pool);
      case NearestFirst near when near.band() != null -> weighted(sharing(near, pool), pool);
      case Weighted weighted -> weighted(weighted, pool);
      case MultivalueAnswer multivalue -> multivalue(pool, multivalue.max());
      default -> ranked(pool);
    };
  }

  /** In parts of what the one takes that takes most. */
  private List<Double> parts(List<Candidate> pool) {
    double most = pool.stream().mapToDouble(this::percent).max().orElse(0);
    return pool.stream()
        .map(each -> most == 0 ? 1 : Math.floor(percent(each) * 100 / most) / 100)
        .toList();
  }

  private Map<Set<String>, Double> ranked(List<Candidate> pool) {
    Map<Set<String>, Double> answers = new LinkedHashMap<>();
    double left = 1;
    for (int i = 0; i < pool.size() && left > 0; i++) {
      double part = left * parts(pool).get(i);
      if (part > 0) {
        answer(pool.get(i).target())
            .answers()
            .forEach((ids, p) -> answers.merge(ids, p * part, Double::sum));
      }
      left -= part;
    }
    return answers;
  }

  private Map<Set<String>, Double> planned(NearestFirst policy, List<Candidate> pool) {
    int position = plans.position(policy, health);
    if (position < 0) {
      return ranked(pool);
    }
    Candidate taken = policy.candidates().get(position);
    if (!pool.contains(taken)) {
      throw new AssertionError(taken + " takes clients and is not in the pool " + pool);
    }
    return answer(taken.target()).answers();
  }

  /** Those of a pool that are at most the band farther than the nearest, as weights. */
  private Weighted sharing(NearestFirst policy, List<Candidate> pool) {
    Location place = geo.lookup(client).location();
    double band = java.util.Objects.requireNonNull(policy.band()).within();
    Map<Candidate, Double> costs = new LinkedHashMap<>();
    Map<Candidate, Long> weights = new LinkedHashMap<>();
    List<Candidate> candidates = policy.candidates();
    for (int i = 0; i < candidates.size(); i++) {
      if (pool.contains(candidates.get(i))) {
        costs.put(candidates.get(i), cost(policy, i, place));
        weights.put(candidates.get(i), policy.weight(i));
      }
    }
    double nearest = java.util.Collections.min(costs.values());
    boolean placed = place.coordinates() != null || policy instanceof Latency;
    double limit = nearest + (placed ? band : 0);
    return new Weighted(
        costs.entrySet().stream()
            .filter(candidate -> candidate.getValue() <= limit)
            .map(Map.Entry::getKey)
            .map(near -> new Weighted.Share(near, weights.getOrDefault(near, 0L)))
            .toList());
  }

  /** Kilometres or milliseconds; the China rule is as good as a lead of a day. */
  private double cost(NearestFirst policy, int position, Location place) {
    return switch (policy) {
      case Geoproximity proximity -> biased(proximity.sites().get(position), place);
      case Latency latency -> milliseconds(latency.sites().get(position), place);
    };
  }

  /**
   * The China rule is as good as a lead of a day. Where the client's network is in the table, what
   * is measured goes before all that is not.
   */
  private double milliseconds(Latency.Site site, Location place) {
    boolean china = place.country().equals("CN") && site.region().equals("cn-north-1");
    double distance = kilometres(site.coordinates(), place);
    double estimated = distance == 1e9 ? 1e6 : 1 + distance / 100;
    double behind = row.isEmpty() ? 0 : 10_000_000;
    double ms =
        row.stream()
            .filter(line -> line.region().equals(site.region()))
            .mapToDouble(Measurement::ms)
            .findFirst()
            .orElse(behind + estimated);
    return ms - (china ? 86_400_000 : 0);
  }

  /**
   * The lines of the client's network: the longest prefix, else the AS number, else the country.
   */
  private List<Measurement> row(Location place) {
    Prefix address =
        new Prefix(client.ipv4(), client.high(), client.low(), client.ipv4() ? 32 : 128);
    Optional<Prefix> longest =
        measurements.stream()
            .filter(line -> line.network().contains("/"))
            .map(line -> Prefix.parse(line.network()))
            .filter(prefix -> prefix.contains(address))
            .max(Comparator.comparingInt(Prefix::length));
    if (longest.isPresent()) {
      return lines(longest.get().toString());
    }
    List<Measurement> ofNetwork = lines("AS" + geo.lookup(client).asNumber());
    return ofNetwork.isEmpty() ? lines(place.country()) : ofNetwork;
  }

  private List<Measurement> lines(String network) {
    return measurements.stream().filter(line -> line.network().equals(network)).toList();
  }

  private Map<Set<String>, Double> weighted(Weighted policy, List<Candidate> pool) {
    Map<Candidate, Double> weights = new LinkedHashMap<>();
    policy.shares().stream()
        .filter(share -> pool.contains(share.candidate()))
        .forEach(
            share -> weights.put(share.candidate(), weight(share.candidate(), share.weight())));
    double total = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<Set<String>, Double> answers = new LinkedHashMap<>();
    weights.forEach(
        (candidate, weight) -> {
          double share = total == 0 ? 1.0 / weights.size() : weight / total;
          if (share > 0) {
            answer(candidate.target())
                .answers()
                .forEach((ids, p) -> answers.merge(ids, p * share, Double::sum));
          }
        });
    return answers;
  }

  /** Someone is in the answers for the part that they take: one throw for all of them. */
  private Map<Set<String>, Double> multivalue(List<Candidate> pool, int max) {
    List<Double> parts = parts(pool);
    Map<Set<String>, Double> answers = new LinkedHashMap<>();
    double before = 0;
    for (double level : new TreeSet<>(parts)) {
      double width = level - before;
      List<Candidate> in =
          pool.stream().filter(each -> parts.get(pool.indexOf(each)) >= level).toList();
      if (width > 0) {
        some(in, max).forEach((ids, p) -> answers.merge(ids, p * width, Double::sum));
      }
      before = level;
    }
    return answers;
  }

  private Map<Set<String>, Double> some(List<Candidate> pool, int max) {
    List<List<Candidate>> combinations = combinations(pool, Math.min(max, pool.size()));
    Map<Set<String>, Double> answers = new LinkedHashMap<>();
    for (List<Candidate> combination : combinations) {
      Map<Set<String>, Double> joined = Map.of(Set.of(), 1.0 / combinations.size());
      for (Candidate candidate : combination) {
        joined = join(joined, answer(candidate.target()).answers());
      }
      joined.forEach((ids, p) -> answers.merge(ids, p, Double::sum));
    }
    return answers;
  }

  private static Map<Set<String>, Double> join(
      Map<Set<String>, Double> left, Map<Set<String>, Double> right) {
    Map<Set<String>, Double> joined = new LinkedHashMap<>();
    left.forEach(
        (ids, p) ->
            right.forEach(
                (more, q) -> {
                  Set<String> both = new TreeSet<>(ids);
                  both.addAll(more);
                  joined.merge(both, p * q, Double::sum);
                }));
    return joined;
  }

  private static List<List<Candidate>> combinations(List<Candidate> pool, int size) {
    if (size == 0) {
      return List.of(List.of());
    }
    List<List<Candidate>> all = new ArrayList<>();
    for (int i = 0; i <= pool.size() - size; i++) {
      for (List<Candidate> rest : combinations(pool.subList(i + 1, pool.size()), size - 1)) {
        List<Candidate> one = new ArrayList<>(List.of(pool.get(i)));
        one.addAll(rest);
        all.add(one);
      }
    }
    return all;
  }
}
