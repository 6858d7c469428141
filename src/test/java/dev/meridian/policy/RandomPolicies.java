package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoDatabases;
import dev.meridian.geo.LatencyTable;
import dev.meridian.geo.Location;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Weight;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Random worlds: places, endpoints, policy trees, states of health and clients, from one seed. */
final class RandomPolicies {
  static final int CHECKS = 12;
  static final int HTTPS = 65;

  private static final List<Location> LOCATIONS =
      List.of(
          Location.UNKNOWN,
          new Location("EU", "DE", "", "", "", 0, new Coordinates(50, 8)),
          new Location("EU", "FR", "IDF", "75", "Paris", 2988507, new Coordinates(48.9, 2.4)),
          new Location("EU", "FR", "IDF", "92", "Montrouge", 0, new Coordinates(48.8, 2.3)),
          new Location("NA", "US", "WA", "", "", 0, new Coordinates(47.6, -122.3)),
          new Location("NA", "US", "CA", "", "", 0, new Coordinates(37.4, -121.9)),
          new Location("NA", "US", "", "", "", 0, null),
          new Location("NA", "CA", "", "", "", 0, new Coordinates(45.4, -75.7)),
          new Location("AS", "JP", "", "", "", 0, new Coordinates(35.7, 139.7)),
          new Location("AS", "CN", "", "", "", 0, new Coordinates(39.9, 116.4)),
          new Location("OC", "AU", "", "", "", 0, new Coordinates(-33.9, 151.2)));

  private static final List<Geolocation.Key> KEYS =
      List.of(
          Geolocation.Key.DEFAULT,
          Geolocation.Key.continent("EU"),
          Geolocation.Key.continent("NA"),
          Geolocation.Key.continent("AS"),
          Geolocation.Key.country("DE"),
          Geolocation.Key.country("US"),
          Geolocation.Key.country("JP"),
          Geolocation.Key.subdivision("US", "WA"),
          Geolocation.Key.subdivision("US", "CA"),
          Geolocation.Key.subdivision("FR", "IDF"),
          Geolocation.Key.subdivision("FR", "75"),
          Geolocation.Key.city("FR", "", "Paris"),
          Geolocation.Key.city("FR", "IDF", "Montrouge"),
          Geolocation.Key.geoname(2988507),
          Geolocation.Key.network(64500),
          Geolocation.Key.network(64501));

  private static final List<String> REGIONS =
      List.of("us-east-1", "eu-west-1", "cn-north-1", "ap-northeast-1");

  private final Random random;
  private final boolean capacities;
  final GeoDatabase geo;

  /** What the latency table says, line by line. */
  final List<PlainInterpreter.Measurement> measurements = new ArrayList<>();

  final ClientSpace space;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private int names;

  RandomPolicies(long seed) {
    this(seed, false);
  }

  /** With policies that spill among the trees, which are slow to compile. */
  static RandomPolicies withCapacities(long seed) {
    return new RandomPolicies(seed, true);
  }

  private RandomPolicies(long seed, boolean capacities) {
    this.capacities = capacities;
    random = new Random(seed);
    geo = places();
    measure();
    space = new ClientSpace(geo, table());
    for (int i = 0; i < 8; i++) {
      endpoints.add(endpoint(i));
    }
  }

  private GeoDatabase places() {
    PrefixPartition.Builder builder = PrefixPartition.builder(random.nextInt(3));
    for (int i = 0; i < 30; i++) {
      builder.put(prefix(), random.nextInt(LOCATIONS.size()));
    }
    PrefixPartition.Builder networks = PrefixPartition.builder(0);
    for (int i = 0; i < 10; i++) {
      networks.put(prefix(), 64500 + random.nextInt(3));
    }
    return GeoDatabases.of(builder.build(), LOCATIONS, networks.build());
  }

  /** In half of the worlds nothing is measured; whole milliseconds, so that some are equal. */
  private void measure() {
    for (int row = random.nextBoolean() ? 0 : 12; row > 0; row--) {
      String network =
          switch (random.nextInt(4)) {
            case 0 -> List.of("DE", "US", "JP", "CN").get(random.nextInt(4));
            case 1 -> "AS" + (64500 + random.nextInt(3));
            default -> prefix().toString();
          };
      if (measurements.stream().noneMatch(line -> line.network().equals(network))) {
        for (String region : REGIONS.subList(random.nextInt(REGIONS.size()), REGIONS.size())) {
          measurements.add(new PlainInterpreter.Measurement(network, region, random.nextInt(90)));
        }
      }
    }
  }

  private LatencyTable table() {
    StringBuilder text = new StringBuilder("network,region,ms\n");
    measurements.forEach(
        line -> text.append("%s,%s,%d%n".formatted(line.network(), line.region(), line.ms())));
    return measurements.isEmpty()
        ? LatencyTable.EMPTY
        : LatencyTable.parse(text.toString(), "random");
  }

  /** Prefixes are drawn from few bits, so that they nest and clients hit them. */
  Prefix prefix() {
    boolean ipv4 = random.nextInt(4) > 0;
    int length = 1 + random.nextInt(ipv4 ? 24 : 48);
    long high = 0x2001_0000_0000_0000L | (long) random.nextInt(16) << 44 | random.nextInt(4) << 20;
    long low = (long) random.nextInt(8) << 29 | (long) random.nextInt(16) << 18 | random.nextInt(4);
    return new Prefix(ipv4, ipv4 ? 0 : high, ipv4 ? low : 0, length);
  }

  private Endpoint endpoint(int i) {
    List<Endpoint.Member> members = new ArrayList<>();
    if (random.nextInt(5) > 0) {
      RRset a = new RRset(RRType.A, 60, List.of(new byte[] {10, 0, 0, (byte) i}));
      members.add(new Endpoint.Member(a, check()));
    }
    byte[] ipv6 = new byte[16];
    ipv6[15] = (byte) i;
    if (random.nextInt(3) > 0) {
      members.add(new Endpoint.Member(new RRset(RRType.AAAA, 60, List.of(ipv6)), check()));
    }
    for (int j = random.nextInt(4); j > 0; j--) {
      RRset https = new RRset(HTTPS, 60, List.of(new byte[] {0, 1, 0, (byte) i, (byte) j}));
      members.add(new Endpoint.Member(https, check(), check()));
    }
    return new Endpoint("e" + i, withoutLoneSecondCheck(members));
  }

  /** Only alternatives have records that lead to two addresses. */
  private static List<Endpoint.Member> withoutLoneSecondCheck(List<Endpoint.Member> members) {
    boolean lone = members.stream().filter(m -> m.records().type() == HTTPS).count() == 1;
    return members.stream()
        .map(m -> lone ? new Endpoint.Member(m.records(), m.healthCheck()) : m)
        .toList();
  }

  private int check() {
    return random.nextInt(4) == 0 ? HealthRegistry.NONE : random.nextInt(CHECKS);
  }

  EligibilitySnapshot health() {
    EligibilitySnapshot snapshot = EligibilitySnapshot.ALL;
    int down = random.nextInt(CHECKS + 1);
    for (int i = 0; i < down; i++) {
      snapshot = snapshot.with(random.nextInt(CHECKS), false);
    }
    for (int weights = random.nextInt(5); weights > 2; weights--) {
      snapshot = snapshot.weighing(random.nextInt(CHECKS), decidedWeight());
    }
    return snapshot;
  }

  private Weight decidedWeight() {
    return switch (random.nextInt(3)) {
      case 0 -> new Weight(Weight.Kind.NUMBER, random.nextInt(4));
      case 1 -> new Weight(Weight.Kind.SHARE, 25L * random.nextInt(5));
      default -> new Weight(Weight.Kind.SLOW_START, 10L * (1 + random.nextInt(9)));
    };
  }

  Target tree(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return endpoints.get(random.nextInt(endpoints.size()));
    }
    int size = 1 + random.nextInt(4);
    if (capacities && random.nextInt(4) == 0) {
      return spilling(size);
    }
    return switch (random.nextInt(9)) {
      case 0 -> new Simple(candidate(depth));
      case 1 -> weighted(size, depth);
      case 2 -> new Failover(candidates(size, depth));
      case 3 -> geolocation(size, depth);
      case 4 -> geoproximity(size, depth);
      case 5 -> latency(size, depth);
      case 6 -> ipBased(size, depth);
      case 7 -> onAllUnhealthy(depth);
      default -> new MultivalueAnswer(candidates(size, depth), 1 + random.nextInt(3), sticky());
    };
  }

  private @Nullable Sticky sticky() {
    return random.nextBoolean()
        ? null
        : new Sticky(1 + random.nextInt(32), 1 + random.nextInt(128));
  }

  /** The file puts rules around policies and endpoints, never around rules. */
  private OnAllUnhealthy onAllUnhealthy(int depth) {
    OnAllUnhealthy.Rule rule =
        OnAllUnhealthy.Rule.values()[random.nextInt(OnAllUnhealthy.Rule.values().length)];
    Candidate group = Candidate.of("c" + names++, tree(depth - 1));
    return new OnAllUnhealthy(
        group,
        rule,
        rule == OnAllUnhealthy.Rule.INSTEAD
            ? Optional.of(Candidate.of("c" + names++, tree(depth - 1)))
            : Optional.empty());
  }

  private Candidate candidate(int depth) {
    boolean evaluate = random.nextInt(6) > 0;
    int ownCheck = random.nextInt(5) == 0 ? random.nextInt(CHECKS) : HealthRegistry.NONE;
    return new Candidate("c" + names++, tree(depth - 1), ownCheck, evaluate);
  }

  private List<Candidate> candidates(int size, int depth) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      candidates.add(candidate(depth));
    }
    return candidates;
  }

  private Weighted weighted(int size, int depth) {
    return new Weighted(
        candidates(size, depth).stream()
            .map(c -> new Weighted.Share(c, random.nextInt(3) == 0 ? 0 : random.nextInt(1, 100)))
            .toList(),
        sticky());
  }

  private Geolocation geolocation(int size, int depth) {
    Set<Geolocation.Key> keys = new HashSet<>();
    while (keys.size() < size) {
      keys.add(KEYS.get(random.nextInt(KEYS.size())));
    }
    return new Geolocation(
        keys.stream().map(key -> new Geolocation.Region(candidate(depth), key)).toList());
  }

  private Geoproximity geoproximity(int size, int depth) {
    return new Geoproximity(
        candidates(size, depth).stream()
            .map(
                c ->
                    new Geoproximity.Site(
                        c, point(), random.nextInt(-99, 100), weight(), Double.POSITIVE_INFINITY))
            .toList(),
        band(3000),
        false);
  }

  /** Of endpoints: what decides by client cannot be inside of a policy that spills. */
  private NearestFirst spilling(int size) {
    if (random.nextBoolean()) {
      return new Geoproximity(
          candidates(size, 1).stream()
              .map(c -> new Geoproximity.Site(c, point(), random.nextInt(-50, 51), 1, capacity()))
              .toList(),
          null,
          true);
    }
    List<Latency.Site> sites = new ArrayList<>();
    for (Candidate candidate : candidates(size, 1)) {
      sites.add(new Latency.Site(candidate, REGIONS.get(sites.size()), point(), 1, capacity()));
    }
    return new Latency(sites, null, true);
  }

  private double capacity() {
    return random.nextInt(4) == 0 ? Double.POSITIVE_INFINITY : (1 + random.nextInt(9)) / 10.0;
  }

  private long weight() {
    return 1L + random.nextInt(3);
  }

  private @Nullable Band band(int most) {
    return random.nextInt(3) == 0 ? new Band(1 + random.nextInt(most), null) : null;
  }

  private Coordinates point() {
    return new Coordinates(random.nextInt(-60, 61), random.nextInt(-170, 171));
  }

  private Latency latency(int size, int depth) {
    List<Latency.Site> sites = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      sites.add(
          new Latency.Site(
              candidate(depth),
              REGIONS.get(i),
              random.nextInt(5) == 0 ? null : point(),
              weight(),
              Double.POSITIVE_INFINITY));
    }
    return new Latency(sites, band(60), false);
  }

  private IpBased ipBased(int size, int depth) {
    Set<Prefix> taken = new HashSet<>();
    List<IpBased.Network> networks = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<Prefix> blocks = new ArrayList<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        Prefix block = prefix();
        if (taken.add(block)) {
          blocks.add(block);
        }
      }
      boolean isDefault = i == 0 && random.nextBoolean();
      if (isDefault || !blocks.isEmpty()) {
        networks.add(new IpBased.Network(candidate(depth), isDefault ? List.of() : blocks));
      }
    }
    return networks.isEmpty() ? ipBased(size, depth) : new IpBased(networks);
  }
}
