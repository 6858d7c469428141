package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.GeoFixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code within}: candidates that are near enough share clients. Seeded, four standard deviations.
 */
class RoutingBandTest {
  private static final String PARIS = "192.0.2.1";
  private static final String LILLE = "192.0.2.2";
  private static final String BERLIN = "192.0.2.3";
  private static final String TOKYO = "192.0.2.4";

  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        paris: { address: 192.0.2.1, location: [48.9, 2.4], health-check: hc }
        lille: { address: 192.0.2.2, location: [50.6, 3.1], health-check: hc }
        berlin: { address: 192.0.2.3, location: [52.5, 13.4], health-check: hc }
        tokyo: { address: 192.0.2.4, location: [35.7, 139.7], health-check: hc }
      records:
        near: { geoproximity: { paris: 0, lille: 0, berlin: 0, tokyo: 0 }, within: 300km }
        biased: { geoproximity: { paris: 0, lille: 0, berlin: 80, tokyo: 0 }, within: 300km }
        heavy:
          geoproximity: [ { answer: paris, weight: 3 }, lille, berlin, tokyo ]
          within: 300km
        fast: { latency: [paris, lille, berlin, tokyo], within: 10ms }
        own: { geoproximity: { paris: 0, lille: 0 }, within: 300km, sticky: true }
      """;

  /** Clients at Paris, Berlin, in the Atlantic Ocean, and nowhere. */
  private final InProcess server =
      new InProcess(
          POLICY,
          GeoFixture.database(
              List.of(
                  "10.0.0.0/16 FR 48.9,2.4",
                  "10.1.0.0/16 DE 52.5,13.4",
                  "10.2.0.0/16 - 48.9,-30.0")),
          53);

  private static final String AT_PARIS = " +subnet=10.0.0.0/24";
  private static final String AT_BERLIN = " +subnet=10.1.0.0/24";

  @Test
  void thoseInTheBandShareEvenly() {
    assertShares("near.t.test. A" + AT_PARIS, Map.of(PARIS, 0.5, LILLE, 0.5));
    assertShares("near.t.test. A" + AT_BERLIN, Map.of(BERLIN, 1.0));
  }

  @Test
  void theBandIsMeasuredFromTheNearestThatIsHealthy() {
    server.health(false, "paris");
    assertShares("near.t.test. A" + AT_PARIS, Map.of(LILLE, 1.0));
    server.health(false, "lille");
    assertShares("near.t.test. A" + AT_PARIS, Map.of(BERLIN, 1.0));
    server.health(true, "paris", "lille");
    server.health(false, "berlin");
    assertShares("near.t.test. A" + AT_BERLIN, Map.of(PARIS, 0.5, LILLE, 0.5));
  }

  @Test
  void nothingHealthyIsAsIfAllWere() {
    server.health(false, "paris", "lille", "berlin", "tokyo");
    assertShares("near.t.test. A" + AT_PARIS, Map.of(PARIS, 0.5, LILLE, 0.5));
  }

  @Test
  void distancesAreBiased() {
    assertShares(
        "biased.t.test. A" + AT_PARIS, Map.of(PARIS, 1 / 3.0, LILLE, 1 / 3.0, BERLIN, 1 / 3.0));
  }

  @Test
  void weightsCountAmongThoseThatShare() {
    assertShares("heavy.t.test. A" + AT_PARIS, Map.of(PARIS, 0.75, LILLE, 0.25));
    server.health(false, "lille");
    assertShares("heavy.t.test. A" + AT_PARIS, Map.of(PARIS, 1.0));
  }

  @Test
  void latencyHasABandOfMilliseconds() {
    assertShares(
        "fast.t.test. A" + AT_PARIS, Map.of(PARIS, 1 / 3.0, LILLE, 1 / 3.0, BERLIN, 1 / 3.0));
  }

  @Test
  void clientsThatNobodyCanPlaceShareAmongEqualFactors() {
    assertShares(
        "near.t.test. A +subnet=172.16.0.0/24",
        Map.of(PARIS, 0.25, LILLE, 0.25, BERLIN, 0.25, TOKYO, 0.25));
    assertShares("biased.t.test. A +subnet=172.16.0.0/24", Map.of(BERLIN, 1.0));
  }

  @Test
  void stickyClientsKeepTheirOwn() {
    Map<String, Integer> counts = new HashMap<>();
    for (int network = 0; network < 256; network++) {
      String question = "own.t.test. A +subnet=10.0." + network + ".0/24";
      List<String> first = InProcess.answers(server.ask(question));
      for (int i = 0; i < 4; i++) {
        assertThat(InProcess.answers(server.ask(question))).isEqualTo(first);
      }
      counts.merge(first.getFirst(), 1, Integer::sum);
    }
    assertThat(counts).containsOnlyKeys(PARIS, LILLE);
    assertThat(counts.get(PARIS)).isBetween(128 - 32, 128 + 32);
  }

  /**
   * To whom the order of those that share would differ, but not what is answered, is one client.
   */
  @Test
  void orderInsideOfTheBandDoesNotPartClients() {
    String policy =
        """
        endpoints:
          west: { address: 192.0.2.1, location: [48.9, 2.0], health-check: hc }
          east: { address: 192.0.2.2, location: [48.9, 2.8], health-check: hc }
        health-checks: { hc: { tcp: { port: 80 } } }
        records:
          b: { geoproximity: { west: 0, east: 0 }, within: 300km }
          n: { geoproximity: { west: 0, east: 0 } }
        """;
    InProcess two =
        new InProcess(
            policy,
            GeoFixture.database(List.of("10.0.0.0/17 FR 48.9,2.0", "10.0.128.0/17 FR 48.9,2.8")),
            1);

    assertThat(InProcess.scope(two.ask("n.t.test. A" + AT_PARIS))).isEqualTo(17);
    assertThat(InProcess.scope(two.ask("b.t.test. A" + AT_PARIS))).isEqualTo(0);
  }

  private void assertShares(String question, Map<String, Double> shares) {
    int queries = 1000;
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < queries; i++) {
      counts.merge(InProcess.answers(server.ask(question)).getFirst(), 1, Integer::sum);
    }
    assertThat(counts.keySet()).isEqualTo(shares.keySet());
    shares.forEach(
        (address, share) -> {
          double deviation = Math.sqrt(queries * share * (1 - share));
          assertThat((double) counts.getOrDefault(address, 0))
              .as("%s of %d", address, queries)
              .isBetween(queries * share - 4 * deviation, queries * share + 4 * deviation);
        });
  }
}
