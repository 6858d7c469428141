package dev.meridian.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Rfc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code meridian check} says of policies that are free of errors and hardly meant. */
class RoutingProofsTest {
  private static final String ZONE =
      """
      @ 300 SOA ns1 hostmaster 1 7200 3600 1209600 300
      @ 300 NS ns1
      ns1 300 A 192.0.2.1
      """;

  /** What is not of interest to a test is used by a name that nothing can be said against. */
  private static final String POLICY =
      """
      health-checks:
        web: { tcp: { port: 443 }, interval: 10s, timeout: 4s, failure-threshold: 3 }
        fast: { tcp: { port: 443 }, interval: 5s, timeout: 2s, failure-threshold: 2 }
      endpoints:
        a: { address: [192.0.2.20, 2001:db8::20], location: eu-west-1, health-check: web }
        b: { address: [192.0.2.21, 2001:db8::21], location: us-east-1, health-check: web }
        v4: { address: 192.0.2.22, location: us-west-2, health-check: web }
        s1: { address: 192.0.2.23, health-check: fast }
        s2: { address: 192.0.2.24, health-check: fast }
        v6: { address: 2001:db8::24 }
        last: { address: [192.0.2.25, 2001:db8::25] }
        service: { address: [192.0.2.26, 2001:db8::26], https: 1 . alpn=h3 }
        checked: { address: [192.0.2.27, 2001:db8::27], https: 1 . alpn=h3, health-check: fast }
      records:
        all: { ttl: 30, failover: [a, b, v4, s1, s2, last] }
        six: { ttl: 30, failover: [v6] }
        other: { ttl: 30, failover: [checked, service] }
      """;

  @TempDir private Path root;

  /** The lines are added to {@link #POLICY}. */
  private List<String> findings(String lines) {
    Revision revision =
        new Folders(root)
            .of(Map.of("example.org.zone", ZONE, "example.org.policy.yaml", POLICY + lines));
    assertThat(revision.isWrong()).as(revision.problems().toString()).isFalse();
    return Stream.concat(revision.problems().stream(), RoutingProofs.of(revision).stream())
        .peek(problem -> assertThat(problem.isError()).isFalse())
        .map(Problem::message)
        .toList();
  }

  private List<String> findingsOf(String answer) {
    return findings("  www: { ttl: 30, " + answer + " }\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failover: [a, b]",
        "failover: [a, last]",
        "weighted: { a: 3, b: 1 }",
        "weighted: { a: 1, last: 0 }",
        "multivalue: [a, b, v4]",
        "latency: [a, b]",
        "geoproximity: { a: 0, b: 0 }",
        "geolocation: { FR: { failover: [a, b] }, default: { failover: [b, a] } }",
        "geolocation: { FR: { failover: [a, b] }, default: none }",
        "cidr: { 198.51.100.0/24: last, 198.51.100.0/25: { failover: [a, b] }, default: last }",
        "geolocation: { FR: { failover: [s1, s2] }, default: s1 }, on-all-unhealthy: last",
        "geolocation: { FR: { failover: [s1, s2] }, default: s1 }, on-all-unhealthy: servfail",
        "endpoint: a",
        "endpoint: service",
        "endpoint: checked",
      })
  void aSoundPolicyGivesNoFinding(String answer) {
    assertThat(findingsOf(answer)).isEmpty();
  }

  @Test
  void theExampleZonesMeanWhatTheySay() {
    Revision zones = Revision.load(Path.of("zones"), GeoDatabase.embedded(), new HealthRegistry());

    assertThat(RoutingProofs.of(zones)).isEmpty();
  }

  @Test
  void aBranchBehindOneThatCannotFailIsNeverAnswered() {
    assertThat(findingsOf("failover: [last, a]"))
        .contains(
            "www.example.org. A: 'a' is never answered, because what stands before it in failover"
                + " cannot fail; give that a health check, or put it last");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "weighted: { last: 1, a: 0 } | 'a' is never answered, because it has weight 0, and another"
            + " one has weight and cannot fail",
        "failover: [a, last], on-all-unhealthy: b | 'b' is never answered, because what it stands"
            + " in for cannot fail; remove it",
        "geolocation: { continent:EU: a, FR: last, DE: last, default: last } | 'a' is never"
            + " answered, because a smaller region that cannot fail has all clients in"
            + " continent:EU",
        "cidr: { 198.51.0.0/22: a, 198.51.0.0/23: last, 198.51.2.0/23: last, default: last } | 'a'"
            + " is never answered, because a smaller block that cannot fail has all clients in"
            + " 198.51.0.0/22",
        "geolocation: { JP: { geolocation: { FR: a, default: last } }, default: last } | 'a' is"
            + " never answered, because the policies around it send nobody here who is in FR, or a"
            + " smaller region that cannot fail has all clients in FR",
        "cidr: { 198.51.100.0/24: { cidr: { 203.0.113.0/24: a, default: last } }, default: last }"
            + " | 'a' is never answered, because the policies around it send nobody here who is in"
            + " 203.0.113.0/24, or a smaller block that cannot fail has all clients in"
            + " 203.0.113.0/24",
        "geolocation: { JP: { failover: [last, { cidr: { 203.0.113.0/24: a, default: last } }] },"
            + " default: last } | 'failover#2' is never answered",
      })
  void aBranchThatNobodyGetsToIsNeverAnswered(String answer, String finding) {
    assertThat(findingsOf(answer)).anySatisfy(each -> assertThat(each).contains(finding));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weighted: { a: 1, b: 0 }",
        "failover: [a, b], on-all-unhealthy: last",
        "geolocation: { continent:EU: last, FR: { failover: [a, b] }, default: last }",
        "cidr: { 198.51.0.0/23: last, 198.51.0.0/24: { failover: [a, b] }, 198.51.1.0/24: { failover: [b, a] }, default: last }",
        "cidr: { 198.51.100.0/24: last, 198.51.100.0/25: { failover: [a, last] }, 198.51.100.128/25: last, default: none }",
        "geolocation: { JP: { geolocation: { JP: last, default: { failover: [a, b] } } }, default: last }",
        "geolocation: { JP: { cidr: { 100.64.2.0/25: last, default: { failover: [a, b] } } }, default: last }",
      })
  void aBranchThatSomebodyGetsToInSomeStateOfHealthIsNot(String answer) {
    assertThat(findingsOf(answer)).noneMatch(finding -> finding.contains("never answered"));
  }

  @Test
  void oneThatIsNearestToNobodyAnswersOnlyWhileOthersAreDown() {
    assertThat(
            findings(
                """
                  www: { ttl: 30, geoproximity: { a: 0, twin: 0 } }
                  far: { ttl: 30, latency: [a, twin] }
                  band: { ttl: 30, geoproximity: { a: 0, twin: 0 }, within: 20000km }
                  inside: { ttl: 30, geolocation: { FR: { latency: [a, twin] }, default: last } }
                pools:
                  twin: { failover: [s1, s2], location: eu-west-1 }
                """))
        .filteredOn(finding -> finding.contains("nearest to nobody"))
        .allMatch(finding -> finding.contains("'twin' is the nearest to nobody"))
        .extracting(finding -> finding.substring(0, finding.indexOf('.')))
        .contains("www", "far")
        .doesNotContain("band", "inside");
  }

  @Test
  void oneThatIsNeverNearerThanWhatCannotFailIsNeverAnswered() {
    assertThat(
            findings(
                """
                  www: { ttl: 30, geoproximity: { here: 0, twin: 0 } }
                pools:
                  here: { failover: [last], location: eu-west-1 }
                  twin: { failover: [s1, s2], location: eu-west-1 }
                """))
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .contains(
                        "'twin' is never answered, because for every client one that cannot fail"
                            + " is nearer"));
  }

  @Test
  void aRegionInsideOfAnotherWithTheSameAnswerChangesNothing() {
    assertThat(
            findingsOf(
                "geolocation: { continent:EU: last, FR: last, default: { failover: [a, b] } }"))
        .contains(
            "www.example.org.: the region FR changes nothing: continent:EU around it has the same"
                + " answer; remove it");
  }

  @Test
  void checksOfSeveralEndpointsMustNotAllProbeOneAddress() {
    Map<String, String> files =
        Map.of(
            "example.org.zone",
            ZONE,
            "example.org.policy.yaml",
            """
            health-checks:
              one: { tcp: { port: 443, address: 192.0.2.80 } }
              there: { tcp: { port: 443, address: 127.0.0.1 } }
            endpoints:
              a: { address: 192.0.2.20, health-check: one }
              b: { address: 192.0.2.21, health-check: one }
              c: { address: 192.0.2.22, health-check: there }
              d: { address: 192.0.2.23, health-check: there }
              last: { address: 192.0.2.24 }
            records:
              www: { ttl: 30, failover: [a, b] }
              ok: { ttl: 30, failover: [a, b, last] }
              local: { ttl: 30, failover: [c, d] }
            """);
    assertThat(RoutingProofs.of(new Folders(root).of(files)))
        .extracting(Problem::message)
        .containsExactly(
            "www.example.org. A: example.org/a/192.0.2.20 and example.org/b/192.0.2.21 all probe"
                + " 192.0.2.80: when that fails, some clients have nothing healthy left; probe"
                + " each endpoint at an address of its own, or put something behind them");
  }

  @Test
  void aPoolOfWhichOneCannotFailCannotFailEither() {
    assertThat(findingsOf("failover: [{ weighted: { a: 1, last: 1 } }, b]"))
        .singleElement()
        .asString()
        .contains("'b' is never answered");
  }

  @Test
  void whatIsWrongWithAPoolIsSaidOnceHoweverManyNamesUseIt() {
    List<String> findings =
        findings(
            """
              one: { ttl: 30, pool: p }
              two: { ttl: 30, weighted: { p: 1, b: 1 } }
              three: { alias: one }
            pools:
              p: { failover: [last, a] }
            """);

    assertThat(findings).singleElement().asString().contains("'a' is never answered");
  }

  @Test
  void norIsABlockOfAPoolNamedTwice() {
    List<String> findings =
        findings(
            """
              one: { ttl: 30, pool: p }
              two: { ttl: 30, failover: [p, last] }
            pools:
              p: { cidr: { 198.51.100.0/24: a, 198.51.100.0/25: a, default: { failover: [b, a] } } }
            """);

    assertThat(findings.stream().filter(finding -> finding.contains("changes nothing"))).hasSize(1);
  }

  @Test
  void whatIsSaidOfANameIsNotSaidOfItsAliases() {
    List<String> findings =
        findings("  www: { ttl: 1h, failover: [a, b] }\n  also: { alias: www }\n");

    assertThat(findings).singleElement().asString().startsWith("www.example.org. A: a failure");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'198.51.100.0/24: { failover: [b, a] }, 198.51.100.128/25: { failover: [b, a] }'"
            + " | 198.51.100.128/25 | 198.51.100.0/24",
        "198.51.100.0/24: last, 198.51.100.128/25: last | 198.51.100.128/25 | 198.51.100.0/24",
        "'2001:db8:1::/48: last, 2001:db8:1:1::/64: last' | 2001:db8:1:1::/64 | 2001:db8:1::/48",
      })
  void aBlockInsideOfAnotherWithTheSameAnswerChangesNothing(
      String blocks, String inner, String outer) {
    assertThat(findingsOf("cidr: { " + blocks + ", default: { failover: [a, b] } }"))
        .containsExactly(
            "www.example.org.: the block "
                + inner
                + " changes nothing: "
                + outer
                + " around it has the same answer; remove it");
  }

  @Test
  void aBlockMayGiveBackWhatTheOneAroundItTook() {
    assertThat(
            findingsOf(
                "cidr: { 198.51.0.0/16: last, 198.51.100.0/24: { failover: [a, b] },"
                    + " 198.51.100.128/25: last, default: last }"))
        .isEmpty();
  }

  @Test
  void aPlaceMustNotEndWithoutAnAnswerOfOneFamily() {
    assertThat(findingsOf("geolocation: { FR: { failover: [v4, s1] }, JP: last, default: none }"))
        .containsExactly(
            "www.example.org.: some clients, 100.64.1.0/24 for one, get A and no AAAA, while others"
                + " get both; give the endpoints that they are sent to both kinds of addresses, or"
                + " put one behind them that has both");
  }

  @Test
  void twoPlacesThatLackOneFamilyEachDoNotMakeUpForEachOther() {
    assertThat(findingsOf("cidr: { 198.51.100.0/24: s1, 203.0.113.0/24: v6, default: none }"))
        .anySatisfy(finding -> assertThat(finding).contains("while others get both"));
  }

  @Test
  void aPlaceWithoutOneFamilyIsFineIfTheDefaultHasIt() {
    assertThat(findingsOf("geolocation: { FR: { failover: [v4, last] }, default: last }"))
        .isEmpty();
  }

  @Test
  void oneCheckAloneMustNotTakeEverythingFromAnybody() {
    assertThat(findingsOf("geolocation: { FR: { failover: [s1, s2] }, default: s1 }"))
        .singleElement()
        .asString()
        .matches(
            "www\\.example\\.org\\. A: when example\\.org/s1\\S* alone is down, some clients have"
                + " nothing healthy left; put something behind it");
  }

  @Test
  void aNameForOneEndpointIsMeantToFailWithIt() {
    assertThat(findingsOf("endpoint: s1")).isEmpty();
  }

  @Test
  void aTtlMustNotOutliveByFarWhatHealthChecksSee() {
    assertThat(findings("  www: { ttl: 1h, failover: [a, b] }\n"))
        .containsExactly(
            "www.example.org. A: a failure is seen within 34 s, but clients keep answers for the"
                + " TTL of 3600 s; a TTL of 60 would make use of the checks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ttl: 5m, failover: [s1, s2]",
        "ttl: 1h, endpoint: last",
        "ttl: { max: 1h, min: 5s, follow-health: true }, failover: [a, b]",
      })
  void aTtlIsNotLongIfHealthHasNoUseForAShorterOne(String answer) {
    assertThat(findings("  www: { " + answer + " }\n")).isEmpty();
  }

  /** Endpoints with service bindings, used by a name that throws no dice. */
  private List<String> findingsOfHints(String answer) {
    String policy =
        """
        endpoints:
          h1: { address: 192.0.2.31, https: 1 . alpn=h2, location: eu-west-1 }
          h2: { address: [192.0.2.32, 2001:db8::32], https: 1 . alpn=h2, location: eu-west-2 }
          h3: { address: 192.0.2.33, https: 1 . alpn=h2 }
          far: { address: 192.0.2.34, https: 1 svc.example.org. alpn=h2 }
          bare: { address: 192.0.2.35, records: { HTTPS: 1 . alpn=h2 } }
        records:
          all: { ttl: 30, multivalue: [h1, h2, h3, far, bare] }
          www: { ttl: 30,\s""";
    Revision revision =
        new Folders(root)
            .of(
                Map.of(
                    "example.org.zone", ZONE, "example.org.policy.yaml", policy + answer + " }\n"));
    assertThat(revision.problems()).isEmpty();
    return RoutingProofs.of(revision).stream()
        .map(Problem::message)
        .filter(message -> message.contains("hints"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weighted: { h1: 1, h2: 1 }                           | weighted",
        "weighted: { h1: 0, h2: 0 }                           | weighted",
        "failover: [{ weighted: { h1: 3, h2: 1 } }, h3]       | weighted",
        "weighted: [{ answer: { failover: [h1, h3] }, id: h1, weight: 1 }, "
            + "{ answer: h2, weight: 1 }]                     | weighted",
        "multivalue: { max: 2, answers: [h1, h2, h3] }        | multivalue",
        "geoproximity: { h1: 0, h2: 0 }, within: 1000km       | geoproximity",
      })
  @Rfc(number = 9460, sections = "7.3")
  void hintsAndAddressesThatDiceDecideApartMayDisagree(String answer, String policy) {
    assertThat(findingsOfHints(answer))
        .containsExactly(
            "www.example.org.: "
                + policy
                + " throws dice anew for A, AAAA and HTTPS, so that a client may get the hints of"
                + " 'h1' and the address of 'h2'; write sticky: true beside it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weighted: { h1: 1, h2: 1 }, sticky: true",
        "weighted: { h1: 1, h2: 0 }",
        "weighted: { h1: 1, far: 1, bare: 1 }",
        "weighted: { h1: 1, h2: 1 }, types: [A, AAAA]",
        "multivalue: [h1, h2, h3]",
        "failover: [h1, h2]",
        "geoproximity: { h1: 0, h2: 0 }",
        "geoproximity: { h1: 0, h2: 0 }, within: 1000km, sticky: true",
      })
  void withoutDiceOrHintsTheyAgree(String answer) {
    assertThat(findingsOfHints(answer)).isEmpty();
  }

  @Test
  void whatNothingUsesIsNamed() {
    Revision revision =
        new Folders(root)
            .of(
                Map.of(
                    "example.org.zone",
                    ZONE,
                    "example.org.policy.yaml",
                    """
                    health-checks: { spare-check: { tcp: { port: 443 } } }
                    regions: { spare-region: [50.1, 8.7] }
                    endpoints:
                      last: { address: 192.0.2.25 }
                      spare: { address: 192.0.2.26 }
                    pools:
                      spare-pool: { failover: [last] }
                    records:
                      www: { ttl: 30, endpoint: last }
                    """));

    assertThat(revision.problems())
        .extracting(Problem::message)
        .containsExactlyInAnyOrder(
            "endpoint 'spare' is never used",
            "pool 'spare-pool' is never used",
            "health check 'spare-check' is never used",
            "region 'spare-region' is never used");
  }

  @Test
  void aFindingStandsAtTheBranchThatItIsAbout() {
    Revision revision =
        new Folders(root)
            .of(
                Map.of(
                    "example.org.zone",
                    ZONE,
                    "example.org.policy.yaml",
                    POLICY + "  www: { ttl: 30, failover: [last, a] }\n"));

    assertThat(RoutingProofs.of(revision))
        .first()
        .asString()
        .startsWith("example.org.policy.yaml:18:36: warning: ");
  }
}
