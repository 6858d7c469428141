package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.ServerState;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Aliases to names that others serve: answered with what these last resolved to. */
class ExternalAliasTest {
  private static final DomainName LB = DomainName.parse("lb.elb.test.");

  private static final String POLICY =
      """
      health-checks:
        web: { tcp: { port: 443 } }
      endpoints:
        own: { address: [192.0.2.1, 2001:db8::1], health-check: web }
      records:
        "@":  { alias: lb.elb.test. }
        over: { alias: "@" }
        f:    { failover: [ { alias: lb.elb.test. }, own ] }
        back: { failover: [ own, { alias: lb.elb.test. } ] }
        sure:
          failover:
            - { answer: { alias: lb.elb.test. }, evaluate-target-health: false }
            - own
        both: { multivalue: [ own, { failover: [ { alias: lb.elb.test. } ] } ] }
      """;

  private final InProcess server = new InProcess(POLICY, GeoFixture.database(), 1);

  private static RRset records(int type, long ttl, String... addresses) {
    return new RRset(
        type,
        ttl,
        Arrays.stream(addresses).map(a -> InetAddress.ofLiteral(a).getAddress()).toList());
  }

  private void resolved(RRset... families) {
    ResolvedName name = ResolvedName.unknown(LB);
    for (RRset family : families) {
      name = name.with(family);
    }
    server.serve(server.state().with(ResolvedNames.of(List.of(name))));
  }

  private List<String> ask(String question) {
    return InProcess.answers(server.ask(question));
  }

  @Test
  void theAddressesAreAnsweredUnderTheNameThatWasAsked() {
    resolved(records(RRType.A, 45, "203.0.113.1", "203.0.113.2"), records(RRType.AAAA, 45));
    Message answer = server.ask("t.test. A");
    assertThat(InProcess.answers(answer)).containsExactlyInAnyOrder("203.0.113.1", "203.0.113.2");
    assertThat(answer.getSection(Section.ANSWER))
        .allMatch(record -> record.getTTL() == 45 && record.getName().toString().equals("t.test."));
    assertThat(ask("over.t.test. A")).hasSize(2);
    assertThat(server.ask("t.test. AAAA").getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(ask("t.test. AAAA")).isEmpty();
  }

  @Test
  void theTtlIsOneMinuteAtTheMost() {
    resolved(records(RRType.A, 3600, "203.0.113.1"), records(RRType.AAAA, 5, "2001:db8::9"));
    assertThat(server.ask("t.test. A").getSection(Section.ANSWER).getFirst().getTTL())
        .isEqualTo(60);
    assertThat(server.ask("t.test. AAAA").getSection(Section.ANSWER).getFirst().getTTL())
        .isEqualTo(5);
  }

  @Test
  void aChangeIsAnsweredAtOnceAndOnlyWhatUsesItIsDecidedAnew() {
    resolved(records(RRType.A, 60, "203.0.113.1"));
    ServerState before = server.state();
    resolved(records(RRType.A, 60, "203.0.113.2"));
    assertThat(ask("t.test. A")).containsExactly("203.0.113.2");
    assertThat(server.state().externalNames()).containsExactly(LB);
    assertThat(before.with(before.resolved()).decisions(0, 0)).isSameAs(before.decisions(0, 0));
  }

  @Test
  void untilSomethingIsKnownOthersAnswerAndElseItIsAFailure() {
    assertThat(server.ask("t.test. A").getRcode()).isEqualTo(Rcode.SERVFAIL);
    for (String name : List.of("f", "back", "sure", "both")) {
      assertThat(ask(name + ".t.test. A")).as(name).containsExactly("192.0.2.1");
    }
  }

  @Test
  void aNameWithoutAnyAddressIsUnhealthyUnlessItsHealthDoesNotMatter() {
    resolved(records(RRType.A, 60), records(RRType.AAAA, 60));
    assertThat(ask("f.t.test. A")).containsExactly("192.0.2.1");
    assertThat(ask("sure.t.test. A")).isEmpty();
    assertThat(server.ask("sure.t.test. A").getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aNameWithAddressesOfOneFamilyIsHealthyForBoth() {
    resolved(records(RRType.A, 60, "203.0.113.1"), records(RRType.AAAA, 60));
    assertThat(ask("f.t.test. A")).containsExactly("203.0.113.1");
    assertThat(ask("f.t.test. AAAA")).isEmpty();
  }

  @Test
  void itTakesOverFromAnEndpointThatIsDown() {
    resolved(records(RRType.A, 60, "203.0.113.1"), records(RRType.AAAA, 60, "2001:db8::9"));
    assertThat(ask("back.t.test. A")).containsExactly("192.0.2.1");
    server.health(false, "own");
    assertThat(ask("back.t.test. A")).containsExactly("203.0.113.1");
    assertThat(ask("back.t.test. AAAA")).containsExactly("2001:db8:0:0:0:0:0:9");
    assertThat(ask("both.t.test. A")).containsExactly("203.0.113.1");
  }

  @Test
  void route53JsonHasTheSame() {
    String set =
        """
        {"Name":"t.test.","Type":"%s","AliasTarget":{"HostedZoneId":"Z35SXDOTRQ7X7K",
         "DNSName":"dualstack.LB.elb.test.","EvaluateTargetHealth":true}}
        """;
    String zone =
        """
        {"ResourceRecordSets":[
        {"Name":"t.test.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
        {"Name":"t.test.","Type":"NS","TTL":900,"ResourceRecords":[{"Value":"ns.other.test"}]},
        """;
    String json = zone + set.formatted("A") + "," + set.formatted("AAAA") + "]}";
    server.serve(
        ServerState.of(
            GoldenServer.compile(
                    Map.of("t.test.route53.json", json),
                    GeoFixture.database(),
                    new HealthRegistry())
                .zones(),
            EligibilitySnapshot.ALL,
            1));
    DomainName name = DomainName.parse("dualstack.lb.elb.test.");
    assertThat(server.state().externalNames()).containsExactly(name);
    server.serve(
        server
            .state()
            .with(
                ResolvedNames.of(
                    List.of(
                        ResolvedName.unknown(name).with(records(RRType.A, 60, "203.0.113.7"))))));
    assertThat(ask("t.test. A")).containsExactly("203.0.113.7");
    assertThat(server.ask("t.test. AAAA").getRcode()).isEqualTo(Rcode.SERVFAIL);
  }
}
