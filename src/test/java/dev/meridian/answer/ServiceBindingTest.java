package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import dev.meridian.wire.Octets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9460 §4.1: what goes with SVCB and HTTPS records. */
class ServiceBindingTest {
  private final Answering server =
      new Answering(
          List.of(
              Answering.zone(
                      "example.com.",
                      """
                      @ 300 SOA ns1 hostmaster 1 2 3 4 5
                      @ 300 NS ns1
                      @ 300 HTTPS 0 www
                      www 300 HTTPS 1 . alpn=h3,h2
                      www 300 HTTPS 2 pool alpn=h2
                      www 300 HTTPS 3 pool port=8443
                      www 300 HTTPS 4 elsewhere.example.net.
                      www 60 A 192.0.2.80
                      pool 60 A 192.0.2.81
                      pool 60 AAAA 2001:db8::81
                      none 300 HTTPS 0 .
                      none 60 A 192.0.2.1
                      bare 300 SVCB 1 host.sub
                      sub 300 NS host.sub
                      host.sub 60 A 192.0.2.9
                      *.wild 300 HTTPS 1 .
                      *.wild 300 HTTPS 2 pool
                      *.wild 60 A 192.0.2.2
                      many 300 HTTPS 1 crowd
                      $GENERATE 1-40 crowd 60 A 192.0.2.$
                      """)
                  .build()));

  private List<String> additional(String name, String type) {
    return server.dig(name, type).stream()
        .filter(line -> line.startsWith("additional"))
        .map(line -> line.replace("additional: ", ""))
        .toList();
  }

  @Test
  @Rfc(
      number = 9460,
      sections = {"4.1", "2.5.2"})
  void addressesOfTargetsGoWithTheAnswer() {
    assertThat(additional("example.com.", "HTTPS"))
        .containsExactly("www.example.com. 60 A 192.0.2.80");
    assertThat(additional("www.example.com.", "HTTPS"))
        .containsExactly(
            "www.example.com. 60 A 192.0.2.80",
            "pool.example.com. 60 A 192.0.2.81",
            "pool.example.com. 60 AAAA 2001:db8:0:0:0:0:0:81");
    assertThat(server.dig("www.example.com.", "HTTPS")).hasSize(1 + 4 + 3).contains("NOERROR aa");
  }

  @Test
  @Rfc(number = 9460, sections = "2.5.1")
  void noServiceHasNoAddresses() {
    assertThat(server.dig("none.example.com.", "HTTPS"))
        .containsExactly("NOERROR aa", "answer: none.example.com. 300 HTTPS 0 .");
  }

  @Test
  void whatIsDelegatedIsNotOursToTell() {
    assertThat(additional("bare.example.com.", "SVCB")).isEmpty();
  }

  @Test
  void underAWildcardOnlyNamedTargetsCount() {
    assertThat(additional("some.name.wild.example.com.", "HTTPS"))
        .containsExactly(
            "pool.example.com. 60 A 192.0.2.81", "pool.example.com. 60 AAAA 2001:db8:0:0:0:0:0:81");
    assertThat(server.dig("x.wild.example.com.", "HTTPS"))
        .contains("answer: x.wild.example.com. 300 HTTPS 2 pool.example.com.");
  }

  @Test
  @Check("S12")
  void additionalAddressesNeverTruncate() {
    assertThat(server.dig("many.example.com.", "HTTPS"))
        .containsExactly("NOERROR aa", "answer: many.example.com. 300 HTTPS 1 crowd.example.com.");
    byte[] query = Answering.query("many.example.com.", "HTTPS").toWire();
    assertThat(Octets.getShort(server.raw(query, true), 10)).isEqualTo(40);
  }
}
