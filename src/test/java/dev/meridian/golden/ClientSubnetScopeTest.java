package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.net.Prefix;
import dev.meridian.testkit.GeoFixture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/**
 * The law of client subnet: no two clients inside a returned scope get different answers (RFC 7871
 * §7.2.1), or a resolver's cache would hand one client what belongs to another. Held against the
 * built-in database, and against made-up ones of cities and AS numbers, over policies in policies,
 * while health changes. Replay with {@code -Dtest.seed=…}.
 */
class ClientSubnetScopeTest {
  private static final long SEED = Long.getLong("test.seed", 7871);
  private static final int STATES_OF_HEALTH = 25;
  private static final int CLIENTS = 120;
  private static final int NEIGHBOURS = 3;

  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        fra: { address: [192.0.2.1, 2001:db8::1], location: eu-central-1, health-check: hc }
        dub: { address: [192.0.2.2, 2001:db8::2], location: eu-west-1, health-check: hc }
        iad: { address: [192.0.2.3, 2001:db8::3], location: us-east-1, health-check: hc }
        sea: { address: 192.0.2.4, location: us-west-2, health-check: hc }
        nrt: { address: [192.0.2.5, 2001:db8::5], location: ap-northeast-1, health-check: hc }
        syd: { address: 192.0.2.6, location: ap-southeast-2, health-check: hc }
        gru: { address: 192.0.2.7, location: sa-east-1, health-check: hc }
        office: { address: 192.0.2.8, health-check: hc }
        last: { address: [192.0.2.9, 2001:db8::9] }
      pools:
        near: { geoproximity: { fra: 10, dub: 0, iad: -20, sea: 0 } }
        blocks:
          cidr:
            1.0.0.0/10 2.16.0.0/13 8.0.0.0/7 2a00::/13 2001:200::/23: office
            8.8.8.0/24 2a01:4f8::/32: nrt
            12.0.0.0/10 12.64.0.0/11 12.96.0.0/11: nrt
            64.0.0.0/3: { pool: near }
            default: { latency: [iad, nrt, syd] }
      records:
        www:
          geolocation:
            continent:EU: { geoproximity: [ { answer: { pool: blocks }, location: eu-west-1 }, { answer: fra }, { answer: dub, bias: 30 } ] }
            continent:AS: { failover: [ { pool: blocks }, nrt ] }
            US: { pool: near }
            CN RU: { cidr: { 1.0.0.0/8: office, 128.0.0.0/1: nrt, default: none } }
            GB: { failover: [dub, { answer: { pool: near }, evaluate-target-health: false }] }
            continent:SA: gru
            default: { failover: [ { pool: blocks }, last ] }
      """;

  /** What is beyond Route 53: networks, cities, bands, plans by capacity. */
  private static final String BEYOND =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        fra: { address: [192.0.2.1, 2001:db8::1], location: eu-central-1, health-check: hc, capacity: 30% }
        dub: { address: [192.0.2.2, 2001:db8::2], location: eu-west-1, health-check: hc, capacity: 30% }
        iad: { address: [192.0.2.3, 2001:db8::3], location: us-east-1, health-check: hc, capacity: 40% }
        nrt: { address: 192.0.2.4, location: ap-northeast-1, health-check: hc }
        cache: { address: 192.0.2.5, health-check: hc }
      pools:
        plan: { geoproximity: { fra: 10, dub: 0, iad: 0 }, spill: true }
        band: { latency: [fra, dub, iad, nrt], within: 20ms, sticky: true }
      records:
        www:
          geolocation:
            asn:64500: { failover: [cache, { pool: plan }] }
            city:FR/City-1 city:1002: dub
            city:DE-P1/City-3: { pool: band }
            FR-P1: { cidr: { 10.0.0.0/10: nrt, 10.0.128.0/17: cache, default: { pool: plan } } }
            FR-D2: { pool: band }
            continent:NA: { pool: plan }
            DE: { geoproximity: { fra: 0, nrt: 0, dub: 0 }, within: 900km, sticky: { ipv4: 16, ipv6: 40 } }
            default: { failover: [ { pool: band }, { pool: plan } ] }
      """;

  private final Random random = new Random(SEED);
  private GeoDatabase geo = GeoDatabase.EMPTY;
  private List<Prefix> edges = List.of();
  private InProcess server = new InProcess(POLICY, geo, SEED);

  private void serve(String policy, GeoDatabase database) {
    geo = database;
    edges = edges(geo);
    server = new InProcess(policy, geo, SEED);
  }

  /** Nested networks of few cities, in subdivisions and their parts, some with AS numbers. */
  private GeoDatabase cities() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      boolean ipv4 = random.nextInt(4) > 0;
      int length = ipv4 ? 10 + random.nextInt(15) : 32 + random.nextInt(17);
      long high = 0x2001_0DB8_0000_0000L | (long) random.nextInt(16) << 16;
      long low = 0x0A00_0000L | random.nextInt(1 << 24);
      Prefix prefix = new Prefix(ipv4, high, low, length);
      int city = random.nextInt(8);
      lines.add(
          "%s %s-P%d-D%d/City-%d#%d %d,%d AS%d"
              .formatted(
                  prefix,
                  List.of("FR", "DE", "US", "JP").get(random.nextInt(4)),
                  random.nextInt(3),
                  random.nextInt(4),
                  city,
                  1000 + city,
                  random.nextInt(-50, 60),
                  random.nextInt(-120, 140),
                  64500 + random.nextInt(4)));
    }
    return GeoFixture.database(lines);
  }

  /** The addresses at which the database changes its mind: there a scope can go wrong. */
  private static List<Prefix> edges(GeoDatabase geo) {
    List<Prefix> found = new ArrayList<>();
    geo.places()
        .forEachRun(
            (ipv4, high, low, length, value) -> found.add(new Prefix(ipv4, high, low, length)));
    return found;
  }

  @Test
  void clientsInOneScopeGetOneAnswer() {
    serve(POLICY, GeoDatabase.embedded());
    assertThat(answers()).as("different answers over all clients").hasSizeGreaterThan(6);
  }

  @Test
  void clientsInOneScopeGetOneAnswerFromDatabasesOfCitiesToo() {
    for (int world = 0; world < 4; world++) {
      serve(BEYOND, cities());
      assertThat(answers()).as("different answers over all clients").hasSizeGreaterThan(4);
    }
  }

  private Set<List<String>> answers() {
    Set<List<String>> answers = new HashSet<>();
    for (int state = 0; state < STATES_OF_HEALTH; state++) {
      changeHealth();
      for (int i = 0; i < CLIENTS; i++) {
        answers.add(check(client()));
      }
    }
    return answers;
  }

  private void changeHealth() {
    for (int check = 0; check < server.checks(); check++) {
      server.health(check, random.nextInt(3) > 0);
    }
  }

  /** The first address of a run in the database, the last of the one before, or any address. */
  private Prefix client() {
    Prefix edge = edges.get(random.nextInt(edges.size()));
    return switch (random.nextInt(3)) {
      case 0 -> edge;
      case 1 ->
          new Prefix(
              edge.ipv4(),
              edge.low() == 0 ? edge.high() - 1 : edge.high(),
              edge.low() - 1,
              edge.length());
      default -> withRandomBits(edge, edge.ipv4() ? 0 : 3); // IPv6 is in use in 2000::/3
    };
  }

  private List<String> check(Prefix client) {
    String type = random.nextInt(4) == 0 ? "AAAA" : "A";
    Message response = ask(client, type);
    int scope = InProcess.scope(response);
    List<String> answer = InProcess.answers(response);
    for (int i = 0; i < NEIGHBOURS; i++) {
      Prefix neighbour = i == 0 ? last(client, scope) : withRandomBits(client, scope);
      if (i == 1) {
        neighbour = shorter(neighbour, Math.max(1, scope));
      }
      Message other = ask(neighbour, type);
      assertThat(InProcess.answers(other))
          .as("seed %d: %s and %s, both in /%d, for %s", SEED, client, neighbour, scope, type)
          .isEqualTo(answer);
      assertThat(InProcess.scope(other)).as("scope of %s", neighbour).isEqualTo(scope);
    }
    return answer;
  }

  private Message ask(Prefix client, String type) {
    return server.ask("www.t.test. " + type + " +subnet=" + client);
  }

  /** Resolvers send prefixes: one that is no shorter than the scope must be answered alike. */
  private Prefix shorter(Prefix prefix, int least) {
    int length = least + random.nextInt(prefix.length() - least + 1);
    return new Prefix(prefix.ipv4(), prefix.high(), prefix.low(), length);
  }

  /** The last address that shares {@code length} bits. */
  private static Prefix last(Prefix client, int length) {
    return withBits(client, length, -1L, -1L);
  }

  private Prefix withRandomBits(Prefix prefix, int length) {
    return withBits(prefix, length, random.nextLong(), random.nextLong());
  }

  private static Prefix withBits(Prefix prefix, int length, long highBits, long lowBits) {
    if (prefix.ipv4()) {
      long mask = 0xFFFFFFFFL >>> length;
      return new Prefix(true, 0, (prefix.low() & ~mask) | (lowBits & mask), prefix.length());
    }
    long highMask = length >= 64 ? 0 : -1L >>> length;
    long lowMask = length >= 128 ? 0 : length <= 64 ? -1L : -1L >>> (length - 64);
    return new Prefix(
        false,
        (prefix.high() & ~highMask) | (highBits & highMask),
        (prefix.low() & ~lowMask) | (lowBits & lowMask),
        prefix.length());
  }
}
