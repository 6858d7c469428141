package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/** Names whose choice is the client's own, over the wire format: a name is one decision. */
class StickyTest {
  private static final int CLIENTS = 400;

  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        a: { address: [192.0.2.1, 2001:db8::1], health-check: hc, records: { TXT: a } }
        b: { address: [192.0.2.2, 2001:db8::2], health-check: hc, records: { TXT: b } }
        c: { address: [192.0.2.3, 2001:db8::3], health-check: hc, records: { TXT: c } }
        d: { address: 192.0.2.4, health-check: hc }
      records:
        www: { weighted: { a: 3, b: 1, c: 1 }, sticky: true }
        apex: { alias: www }
        wide: { weighted: { a: 1, b: 1, c: 1 }, sticky: { ipv4: 16, ipv6: 32 } }
        two: { multivalue: { max: 2, answers: [a, b, c, d] }, sticky: true }
        all: { multivalue: [a, b, c], sticky: true }
        deep: { weighted: [ { weight: 1, answer: { weighted: { a: 1, b: 1 }, sticky: true }, id: one },
                            { weight: 1, answer: { weighted: { a: 1, b: 1 }, sticky: true }, id: other } ], sticky: true }
      """;

  private final InProcess server = new InProcess(POLICY, GeoDatabase.EMPTY, 53);

  private static String subnet(int client) {
    return "10." + (client >> 8) + "." + (client & 255) + ".0/24";
  }

  private List<String> ask(String name, String type, int client) {
    return ask(name, type, subnet(client));
  }

  private List<String> ask(String name, String type, String subnet) {
    Message response = server.ask(name + ".t.test. " + type + " +subnet=" + subnet);
    return InProcess.answers(response);
  }

  /** The last digit of addresses, or the text. */
  private static char endpoint(String rdata) {
    char last = rdata.charAt(rdata.length() - 1);
    return last >= 'a' ? (char) (last - 'a' + '1') : last;
  }

  @Test
  void aClientIsAnsweredAlikeWhateverItAsksAndHoweverOften() {
    Set<Character> seen = new HashSet<>();
    for (int client = 0; client < CLIENTS; client++) {
      char a = endpoint(ask("www", "A", client).getFirst());
      assertThat(endpoint(ask("www", "AAAA", client).getFirst())).isEqualTo(a);
      assertThat(endpoint(ask("www", "TXT", client).getFirst())).isEqualTo(a);
      assertThat(endpoint(ask("apex", "AAAA", client).getFirst())).isEqualTo(a);
      assertThat(endpoint(ask("www", "A", client).getFirst())).isEqualTo(a);
      seen.add(a);
    }
    assertThat(seen).containsExactlyInAnyOrder('1', '2', '3');
  }

  @Test
  void anEndpointWhoseIpv6IsDownLosesItsAaaaClientsOnly() {
    Map<Integer, Character> before = new HashMap<>();
    for (int client = 0; client < CLIENTS; client++) {
      before.put(client, endpoint(ask("www", "A", client).getFirst()));
    }
    server.health(false, "a/2001:db8::1");
    before.forEach(
        (client, was) -> {
          assertThat(endpoint(ask("www", "A", client).getFirst())).isEqualTo(was);
          char is = endpoint(ask("www", "AAAA", client).getFirst());
          assertThat(is).isIn(was == '1' ? List.of('2', '3') : List.of(was));
        });
  }

  @Test
  void theScopeIsAsLongAsWhatIsLookedAt() {
    assertThat(scope("www", "10.1.2.0/24")).isEqualTo(24);
    assertThat(scope("www", "2001:db8::/56")).isEqualTo(56);
    assertThat(scope("www", "10.1.0.0/16")).as("too little is known").isEqualTo(24);
    assertThat(scope("wide", "10.1.2.0/24")).isEqualTo(16);
    assertThat(scope("all", "10.1.2.0/24")).as("nothing is chosen").isZero();
    server.health(false, "a", "b");
    assertThat(scope("www", "10.1.2.0/24")).as("one is left").isZero();
  }

  private int scope(String name, String subnet) {
    return InProcess.scope(server.ask(name + ".t.test. A +subnet=" + subnet));
  }

  @Test
  void clientsInOneScopeAreAnsweredAlike() {
    for (int i = 0; i < 64; i++) {
      List<String> answer = ask("wide", "A", "10." + i + ".0.0/16");
      for (int j = 0; j < 8; j++) {
        assertThat(ask("wide", "A", "10." + i + "." + 31 * j + ".0/24")).isEqualTo(answer);
      }
    }
  }

  @Test
  void severalComeInTheClientsOwnOrder() {
    Set<List<String>> seen = new HashSet<>();
    for (int client = 0; client < CLIENTS; client++) {
      List<String> answer = ask("two", "A", client);
      assertThat(answer).hasSize(2);
      assertThat(ask("two", "A", client)).isEqualTo(answer);
      seen.add(answer);
    }
    assertThat(seen).as("of twelve").hasSize(12);
  }

  /** Were the inner throw the outer one again, half of the answers would never be given. */
  @Test
  void choicesInsideOfChoicesAreIndependent() {
    Map<Character, Integer> shares = new HashMap<>();
    for (int client = 0; client < 2000; client++) {
      shares.merge(endpoint(ask("deep", "A", client).getFirst()), 1, Integer::sum);
    }
    double deviation = 4 * Math.sqrt(2000 * 0.25);
    assertThat((double) shares.getOrDefault('1', 0)).isBetween(1000 - deviation, 1000 + deviation);
  }
}
