package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.Outcome.Ending;
import dev.meridian.geo.LatencyTable;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.policy.ClientSpace;
import dev.meridian.rr.RRType;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.ZoneBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Who may ask for the names of one zone. */
class ZoneAccessTest {
  private static final String SOA = "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns.other.\n";
  private static final Prefix INSIDE = Prefix.parse("10.1.2.3/32");
  private static final Prefix OUTSIDE = Prefix.parse("198.51.100.1/32");

  private final Answering server =
      new Answering(
          List.of(
              zone("open.test.", SOA + "www 60 CNAME www.inner.test.\n", "0.0.0.0/0", "::/0"),
              zone("inner.test.", SOA + "www 60 A 192.0.2.1\n", "10.0.0.0/8", "2001:db8::/32")));

  private static Zone zone(String apex, String text, String... allowed) {
    ZoneBuilder builder = Answering.zone(apex, text);
    builder.confineTo(PrefixSet.of(List.of(allowed).stream().map(Prefix::parse).toList()));
    return builder.build();
  }

  private Message ask(String name, Prefix client, boolean tcp, String... subnet) {
    return Answering.parse(server.raw(Answering.query(name, "A", subnet).toWire(), tcp, client));
  }

  @ParameterizedTest
  @CsvSource({
    "10.255.255.255, NOERROR, 1",
    "2001:db8::1, NOERROR, 1",
    "::ffff:10.0.0.1, NOERROR, 1", // the same client through another socket
    "11.0.0.0, REFUSED, 0",
    "2001:db9::, REFUSED, 0",
  })
  @Check("S47")
  void isDecidedByTheAddressThatAQueryComesFrom(String client, String rcode, int answers) {
    for (boolean tcp : new boolean[] {false, true}) {
      Message response = ask("www.inner.test.", Prefix.parse(client), tcp);
      assertThat(response.getRcode()).isEqualTo(Rcode.value(rcode));
      assertThat(response.getSection(Section.ANSWER)).hasSize(answers);
    }
    assertThat(server.context().stats().get(Counter.DENIED_BY_ZONE)).isEqualTo(2 - 2L * answers);
    assertThat(server.context().stats().get(Counter.DENIED)).isZero();
  }

  @Test
  @Check("S68")
  void aClientSubnetGivesNoRightsAndTakesNone() {
    assertThat(ask("www.inner.test.", OUTSIDE, true, "10.0.0.0/8").getRcode())
        .isEqualTo(Rcode.REFUSED);
    assertThat(ask("www.inner.test.", INSIDE, true, "198.51.100.0/24").getRcode())
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aChainGoesOnForThoseOnlyThatMayAskWhereItLeads() {
    assertThat(ask("www.open.test.", INSIDE, false).getSection(Section.ANSWER)).hasSize(2);
    Message response = ask("www.open.test.", OUTSIDE, false);
    assertThat(response.getSection(Section.ANSWER)).hasSize(1);
    assertThat(response.getSection(Section.AUTHORITY)).isEmpty();
    assertThat(response.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(server.context().stats().get(Counter.DENIED_BY_ZONE)).isZero();
  }

  @Test
  void isExplained() {
    assertThat(explain("www.inner.test.", OUTSIDE))
        .contains("rcode     REFUSED")
        .contains("allow-query of the zone does not have 198.51.100.1/32: refused");
    assertThat(explain("www.open.test.", OUTSIDE))
        .contains("rcode     NOERROR", "CNAME www.inner.test.")
        .contains("the answer ends here, as for a zone that is not served")
        .doesNotContain("192.0.2.1");
    assertThat(explain("www.open.test.", INSIDE)).contains("192.0.2.1");
  }

  private String explain(String name, Prefix client) {
    ClientSpace space = new ClientSpace(GeoFixture.database(), LatencyTable.EMPTY);
    Explanation explanation =
        new Explainer(server.state(), space, client, 1).explain(DomainName.parse(name), RRType.A);
    return ExplanationText.of(explanation, _ -> "");
  }

  @Test
  void isAPartOfWhatClientsCanGet() {
    DomainName name = DomainName.parse("www.inner.test.");
    assertThat(Outcomes.of(server.state(), name, RRType.A, OUTSIDE).chance(Ending.REFUSED))
        .isEqualTo(1);
    assertThat(Outcomes.of(server.state(), name, RRType.A, INSIDE).chance(Ending.ANSWER))
        .isEqualTo(1);
    assertThat(Outcomes.partitions(server.state(), DomainName.parse("www.open.test."), RRType.A))
        .isNotEmpty();
  }
}
