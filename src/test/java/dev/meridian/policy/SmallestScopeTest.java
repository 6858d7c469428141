package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.Coordinates;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.AliasResolver.RoutedName;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Scopes are as short as they can be: no two classes of clients are answered alike in every state
 * of health, and a scope ends where a class does. For trees whose endpoints are all different: else
 * two ways may lead to one answer. Replay with {@code -Dtest.seed=…}.
 */
class SmallestScopeTest {
  private static final long SEED = Long.getLong("test.seed", 7872);
  private static final int WORLDS = 60;
  private static final List<String> REGIONS =
      List.of("us-east-1", "eu-west-1", "ap-northeast-1", "r4");

  private final List<Integer> checks = new ArrayList<>();
  private Random random = new Random(SEED);

  @Test
  void noTwoClassesAreAnsweredAlikeInEveryStateOfHealth() throws PolicyException {
    int classes = 0;
    for (long seed = SEED; seed < SEED + WORLDS; seed++) {
      random = new Random(seed);
      RandomPolicies world = new RandomPolicies(seed);
      for (int kind = 0; kind < 5; kind++) {
        checks.clear();
        Target tree = tree(kind);
        RoutedName name = new RoutedName(DomainName.parse("x.example."), tree, 60);
        RoutedRRset rrset =
            new PolicyCompiler(world.space, CompiledPoliciesTest.NO_ALIASES)
                .compile(name, RRType.A)
                .orElseThrow();
        assertThat(signatures(rrset))
            .as("seed %d, tree %s", seed, tree)
            .hasSize(rrset.clientClasses());
        classes += rrset.clientClasses();
      }
    }
    assertThat(classes).isGreaterThan(WORLDS * 10);
  }

  /** For each class, what it is answered in all states. */
  private Set<List<Object>> signatures(RoutedRRset rrset) {
    List<List<Object>> ofClass = new ArrayList<>();
    for (int i = 0; i < rrset.clientClasses(); i++) {
      ofClass.add(new ArrayList<>());
    }
    for (int state = 0; state < 1 << checks.size(); state++) {
      EligibilitySnapshot health = EligibilitySnapshot.ALL;
      for (int check : checks) {
        health = health.with(check, (state >> check & 1) == 0);
      }
      Decisions decisions = rrset.decide(health);
      for (int i = 0; i < ofClass.size(); i++) {
        ofClass
            .get(i)
            .add(
                Distributions.rounded(
                    Distributions.of(decisions.of(i), leaf -> Set.of(rrset.leafId(leaf)))));
      }
    }
    return new HashSet<>(ofClass);
  }

  private Target tree(int kind) {
    return switch (kind) {
      case 0 -> geoproximity(5, null);
      case 1 -> geoproximity(5, new Band(1 + random.nextInt(4000), null));
      case 2 -> latency(5);
      case 3 -> geolocation();
      default ->
          new Geolocation(
              List.of(
                  region(Geolocation.Key.continent("EU"), geoproximity(3, new Band(900, null))),
                  region(Geolocation.Key.network(64500), endpoint()),
                  region(Geolocation.Key.DEFAULT, latency(3))));
    };
  }

  private Target endpoint() {
    int number = checks.size();
    boolean watched = random.nextInt(4) > 0;
    int check = watched ? number : HealthRegistry.NONE;
    checks.add(number);
    RRset records = new RRset(RRType.A, 60, List.of(new byte[] {10, 0, 0, (byte) number}));
    return new Endpoint("e" + number, List.of(new Endpoint.Member(records, check)));
  }

  private Candidate candidate() {
    return candidate(endpoint());
  }

  private Candidate candidate(Target target) {
    return Candidate.of("c" + random.nextInt(1_000_000), target);
  }

  private Geolocation.Region region(Geolocation.Key key, Target target) {
    return new Geolocation.Region(candidate(target), key);
  }

  private Geolocation geolocation() {
    List<Geolocation.Region> regions = new ArrayList<>();
    for (Geolocation.Key key :
        List.of(
            Geolocation.Key.network(64500),
            Geolocation.Key.city("FR", "", "Paris"),
            Geolocation.Key.subdivision("FR", "IDF"),
            Geolocation.Key.continent("NA"),
            Geolocation.Key.DEFAULT)) {
      regions.add(region(key, endpoint()));
    }
    return new Geolocation(regions);
  }

  private Geoproximity geoproximity(int size, @org.jspecify.annotations.Nullable Band band) {
    List<Geoproximity.Site> sites = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      sites.add(new Geoproximity.Site(candidate(), point(), random.nextInt(-50, 51)));
    }
    return new Geoproximity(sites, band, false);
  }

  private Latency latency(int size) {
    List<Latency.Site> sites = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      sites.add(new Latency.Site(candidate(), i == 0 ? "cn-north-1" : REGIONS.get(i - 1), point()));
    }
    return new Latency(
        sites, random.nextBoolean() ? new Band(1 + random.nextInt(40), null) : null, false);
  }

  private Coordinates point() {
    return new Coordinates(random.nextInt(-60, 61), random.nextInt(-170, 171));
  }
}
