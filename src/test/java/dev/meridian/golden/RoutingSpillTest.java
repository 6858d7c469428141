package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.testkit.GeoFixture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/** {@code spill}: clients beyond an endpoint's capacity go to the next nearest with room. */
class RoutingSpillTest {
  private static final String PARIS = "192.0.2.1";
  private static final String LILLE = "192.0.2.2";
  private static final String BERLIN = "192.0.2.3";

  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        paris: { address: 192.0.2.1, location: [48.9, 2.4], health-check: hc, capacity: 50% }
        lille: { address: 192.0.2.2, location: [50.6, 3.1], health-check: hc, capacity: 40% }
        berlin: { address: 192.0.2.3, location: [52.5, 13.4], health-check: hc, capacity: 60% }
      records:
        s: { geoproximity: { paris: 0, lille: 0, berlin: 0 }, spill: true }
      """;

  /** Three quarters of all clients are at Paris, one quarter is at Berlin. */
  private static final GeoDatabase GEO =
      GeoFixture.database(
          List.of(
              "10.0.0.0/16 FR 48.9,2.4",
              "10.1.0.0/16 FR 48.9,2.4",
              "10.2.0.0/16 FR 48.9,2.4",
              "10.3.0.0/16 DE 52.5,13.4",
              "2001:db8::/32 FR 48.9,2.4"));

  private final InProcess server = new InProcess(POLICY, GEO, 53);

  /** Of 1024 networks of equal size, who answers which. */
  private Map<String, String> answers() {
    Map<String, String> answers = new HashMap<>();
    for (int network = 0; network < 1024; network++) {
      String client = "10." + network / 256 + "." + network % 256 + ".0/24";
      answers.put(client, answer(client));
    }
    return answers;
  }

  private String answer(String client) {
    return InProcess.answers(server.ask("s.t.test. A +subnet=" + client)).getFirst();
  }

  private static Map<String, Double> shares(Map<String, String> answers) {
    Map<String, Double> shares = new HashMap<>();
    answers.values().forEach(answer -> shares.merge(answer, 1.0 / answers.size(), Double::sum));
    return shares;
  }

  @Test
  void whoDoesNotFitAtTheNearestGoesToTheNextNearest() {
    assertThat(shares(answers())).isEqualTo(Map.of(PARIS, 0.5, LILLE, 0.25, BERLIN, 0.25));
  }

  @Test
  void anEndpointThatIsDownLosesItsClientsToWhereThereIsRoomAndNobodyElseMoves() {
    Map<String, String> before = answers();
    server.health(false, "paris");
    Map<String, String> after = answers();

    assertThat(shares(after).get(LILLE)).isCloseTo(0.4, within(1 / 1024.0)); // one cell
    before.forEach(
        (client, answer) -> {
          if (!answer.equals(PARIS)) {
            assertThat(after.get(client)).as(client).isEqualTo(answer);
          }
        });
    server.health(true, "paris");
    assertThat(answers()).isEqualTo(before);
  }

  @Test
  void withoutRoomForAllTheOverloadIsInProportion() {
    server.health(false, "berlin");
    Map<String, Double> shares = shares(answers());
    assertThat(shares.get(PARIS)).isBetween(0.55, 0.56);
    assertThat(shares.get(LILLE)).isBetween(0.44, 0.45);
  }

  @Test
  void nothingHealthyIsAsIfAllWere() {
    Map<String, String> before = answers();
    server.health(false, "paris", "lille", "berlin");
    assertThat(answers()).isEqualTo(before);
  }

  @Test
  void ipv6ClientsAreDealtAsTheirIpv4NeighboursAre() {
    Map<String, Integer> counts = new HashMap<>();
    Random random = new Random(6);
    for (int i = 0; i < 600; i++) {
      String client = "2001:db8:%x::/48".formatted(random.nextInt(0x10000));
      counts.merge(answer(client), 1, Integer::sum);
    }
    assertThat(counts.get(PARIS)).isBetween(360, 440);
    assertThat(counts.get(LILLE)).isBetween(160, 240);
    assertThat(counts).doesNotContainKey(BERLIN);
  }

  /** A cell ends at its scope: nobody in it is answered otherwise. */
  @Test
  void scopesAreExact() {
    Random random = new Random(7871);
    List<String> health = new ArrayList<>(List.of("paris", "lille", "berlin"));
    for (int round = 0; round < 6; round++) {
      server.health(random.nextBoolean(), health.get(round % 3));
      for (int i = 0; i < 50; i++) {
        int address = 0x0A000000 + random.nextInt(1 << 18);
        Message response = ask(address);
        int scope = InProcess.scope(response);
        int other = address ^ (random.nextInt() & (-1 >>> scope));
        assertThat(InProcess.answers(ask(other))).isEqualTo(InProcess.answers(response));
        assertThat(InProcess.scope(ask(other))).isEqualTo(scope);
      }
    }
  }

  private Message ask(int address) {
    String text =
        "%d.%d.%d.%d"
            .formatted(address >>> 24, address >>> 16 & 0xFF, address >>> 8 & 0xFF, address & 0xFF);
    return server.ask("s.t.test. A +subnet=" + text + "/32");
  }
}
