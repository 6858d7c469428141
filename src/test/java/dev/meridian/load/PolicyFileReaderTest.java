package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.Coordinates;
import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Hysteresis;
import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.Geoproximity;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.Latency;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.Simple;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRType;
import dev.meridian.source.SourceFiles;
import dev.meridian.testkit.Check;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy file says is what the model holds. */
class PolicyFileReaderTest {
  private static final String ENDPOINTS =
      """
      health-checks:
        web: { http: { host: www.example.com } }
      regions:
        here: [50.1, 8.7]
      endpoints:
        fra-1: { address: [192.0.2.10, 2001:db8::10], location: here, health-check: web }
        fra-2: { address: 192.0.2.11, location: here, health-check: web }
        dub: { address: 192.0.2.20, location: eu-west-1 }
        nyc: { address: 192.0.2.30, location: [40.7, -74] }
        sorry: { address: 203.0.113.5 }
      pools:
        fra: { weighted: { fra-1: 3, fra-2: 1 } }
        east: { failover: [dub, nyc], location: us-east-1 }
      records:
        all: { failover: [fra, east, sorry] }
      """;

  @TempDir private Path folder;

  private RoutedOwner record(String text) {
    LoadedZone zone = new ZoneFolder(folder).policy(ENDPOINTS + "  w: " + text + "\n").zone();
    return zone.routed().getLast();
  }

  private static List<String> ids(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::id).toList();
  }

  @Test
  void weightsMayBeAMapOrAListForNestedAnswers() {
    Weighted map = (Weighted) record("{ weighted: { fra-1: 0, fra: 4294967295 } }").target();
    assertThat(ids(map.candidates())).containsExactly("fra-1", "fra");
    assertThat(map.shares()).extracting(Weighted.Share::weight).containsExactly(0L, 4294967295L);

    Weighted list =
        (Weighted)
            record(
                    "{ weighted: [ { weight: 2, answer: dub },"
                        + " { weight: 1, answer: { failover: [fra] } } ] }")
                .target();
    assertThat(ids(list.candidates())).containsExactly("dub", "weighted#2");
    assertThat(list.shares().get(1).candidate().target()).isInstanceOf(Failover.class);
  }

  @Test
  void geolocationKeysAreReadAndOneAnswerMayServeSeveral() {
    Geolocation policy =
        (Geolocation)
            record("{ geolocation: { continent:EU Fr: fra, us-ca: dub, default: { alias: all } } }")
                .target();

    assertThat(policy.regions())
        .extracting(region -> region.key() + "=" + region.candidate().id())
        .containsExactly("continent:EU=fra", "FR=fra", "US-CA=dub", "default=all.example.com.");
  }

  @Test
  void norwayIsNorway() {
    Geolocation policy =
        (Geolocation) record("{ geolocation: { NO: fra, default: dub } }").target();

    assertThat(policy.regions().getFirst().key()).isEqualTo(Geolocation.Key.country("NO"));
  }

  @Test
  void cidrHoldsPrefixesAndADefault() {
    IpBased policy =
        (IpBased) record("{ cidr: { 192.0.2.0/24 2001:db8::/32: fra, default: dub } }").target();

    assertThat(policy.networks().getFirst().blocks())
        .containsExactly(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8::/32"));
    assertThat(policy.networks().get(1).isDefault()).isTrue();
  }

  @Test
  void aPoolIsWhereItsEndpointsAreUnlessItSaysOtherwise() {
    Geoproximity policy = (Geoproximity) record("{ geoproximity: { fra: -5, east: 99 } }").target();

    assertThat(policy.sites().getFirst().coordinates()).isEqualTo(new Coordinates(50.1, 8.7));
    assertThat(policy.sites().getFirst().bias()).isEqualTo(-5);
    assertThat(policy.sites().get(1).coordinates()).isEqualTo(new Coordinates(39.0, -77.5));
  }

  @Test
  void geoproximityMayBeAListWithLocationsOfItsOwn() {
    Geoproximity policy =
        (Geoproximity)
            record(
                    "{ geoproximity: [ dub, { answer: sorry, location: [1, 2], bias: 7 },"
                        + " { failover: [fra-1, fra-2] } ] }")
                .target();

    assertThat(policy.sites())
        .extracting(site -> site.candidate().id() + " " + site.bias())
        .containsExactly("dub 0", "sorry 7", "geoproximity#3 0");
    assertThat(policy.sites().get(1).coordinates()).isEqualTo(new Coordinates(1, 2));
  }

  @Test
  void latencyRegionsAreNamesOrTheEndpointsOwn() {
    Latency policy = (Latency) record("{ latency: [fra, dub, nyc, east] }").target();

    assertThat(policy.sites())
        .extracting(Latency.Site::region)
        .containsExactly("here", "eu-west-1", "nyc", "us-east-1");
  }

  @Test
  void multivalueHasALimit() {
    assertThat(((MultivalueAnswer) record("{ multivalue: [fra-1, dub] }").target()).max())
        .isEqualTo(8);
    assertThat(
            ((MultivalueAnswer)
                    record("{ multivalue: { max: 2, answers: [fra-1, dub] } }").target())
                .max())
        .isEqualTo(2);
  }

  @Test
  void oneEndpointIsSimpleAndAPoolIsItsPolicy() {
    Target simple = record("{ endpoint: dub }").target();
    assertThat(((Simple) simple).candidate().id()).isEqualTo("dub");
    assertThat(record("{ pool: fra }").target()).isInstanceOf(Weighted.class);
    assertThat(record("{ alias: all }").target())
        .isEqualTo(new AliasTarget(DomainName.parse("all.example.com.")));
    assertThat(record("{ alias: www.example.net. }").target())
        .isEqualTo(new AliasTarget(DomainName.parse("www.example.net.")));
  }

  @Test
  void aRecordKnowsItsTtlItsTypesAndItsPlace() {
    RoutedOwner record = record("{ ttl: 5m, failover: [fra-1, { alias: all }] }");

    assertThat(record.owner()).isEqualTo(DomainName.parse("w.example.com."));
    assertThat(record.ttl()).isEqualTo(300);
    assertThat(record.types()).containsExactlyInAnyOrder(RRType.A, RRType.AAAA);
    assertThat(record.aliased()).isTrue();
    assertThat(SourceFiles.line(record.position())).isEqualTo(16);
    assertThat(record("{ endpoint: dub }").ttl()).isEqualTo(60);
  }

  @Test
  void eachAddressHasAHealthCheckOfItsOwn() {
    ZoneFolder files = new ZoneFolder(folder).policy(ENDPOINTS);
    LoadedZone zone = files.zone();

    assertThat(zone.checks())
        .extracting(HealthCheck::id)
        .containsExactly(
            "example.com/fra-1/192.0.2.10",
            "example.com/fra-1/2001:db8::10",
            "example.com/fra-2/192.0.2.11");
    Endpoint fra1 = endpoint(zone, "fra-1");
    assertThat(fra1.members())
        .extracting(member -> files.registry().idOf(member.healthCheck()))
        .containsExactly("example.com/fra-1/192.0.2.10", "example.com/fra-1/2001:db8::10");
    assertThat(endpoint(zone, "sorry").members().getFirst().healthCheck())
        .isEqualTo(HealthRegistry.NONE);
  }

  private static Endpoint endpoint(LoadedZone zone, String id) {
    Endpoint found = endpoint(zone.routed().getFirst().target(), id);
    assertThat(found).isNotNull();
    return java.util.Objects.requireNonNull(found);
  }

  private static @org.jspecify.annotations.Nullable Endpoint endpoint(Target target, String id) {
    if (target instanceof Endpoint endpoint) {
      return endpoint.id().equals(id) ? endpoint : null;
    }
    if (target instanceof dev.meridian.policy.RoutingPolicy policy) {
      for (Candidate candidate : policy.candidates()) {
        Endpoint found = endpoint(candidate.target(), id);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  @Test
  void endpointsHoldCnamesAndOtherTypesInPresentationFormat() {
    String text =
        """
        endpoints:
          c: { cname: target }
          r:
            records:
              MX: [10 mail, 20 mail.example.net.]
              TXT: '"a b" c'
              TYPE65400: \\# 1 ff
        records:
          w: { endpoint: c }
          v: { endpoint: r }
        """;
    LoadedZone zone = new ZoneFolder(folder).policy(text).zone();

    assertThat(zone.routed().getFirst().types()).containsExactly(RRType.CNAME);
    Simple simple = (Simple) zone.routed().get(1).target();
    Endpoint endpoint = (Endpoint) simple.candidate().target();
    Endpoint.Member mx = endpoint.member(RRType.MX);
    Endpoint.Member txt = endpoint.member(RRType.TXT);
    Endpoint.Member odd = endpoint.member(65400);
    assertThat(mx).isNotNull();
    assertThat(mx.records().size()).isEqualTo(2);
    assertThat(HexFormat.of().formatHex(mx.records().rdata(0)))
        .isEqualTo("000a046d61696c076578616d706c6503636f6d00");
    assertThat(txt).isNotNull();
    assertThat(HexFormat.of().formatHex(txt.records().rdata(0))).isEqualTo("036120620163");
    assertThat(odd).isNotNull();
    assertThat(odd.records().rdata(0)).containsExactly(0xFF);
  }

  private HealthCheck check(String template, String endpoint) {
    String checks = "health-checks:\n  c: " + template + "\n";
    String endpoints = "endpoints:\n  e: " + endpoint + "\n";
    return new ZoneFolder(folder)
        .policy(checks + endpoints + "records:\n  w: { endpoint: e }\n")
        .zone()
        .checks()
        .getFirst();
  }

  @Test
  void checksHaveTheirSettings() {
    HealthCheck check =
        check(
            "{ https: { host: h.example, path: /p?q, port: 8443, status: [200, 3xx], search: OK,"
                + " verify: false, sni: false }, interval: 1500ms, timeout: 1s,"
                + " failure-threshold: 2, success-threshold: 5,"
                + " failure-ratio: { failures: 5, of: 10 }, inverted: true, disabled: true,"
                + " slow-start: 90s }",
            "{ address: 192.0.2.1, health-check: c }");

    CheckKind.Http kind = (CheckKind.Http) check.kind();
    assertThat(kind.host()).isEqualTo("h.example");
    assertThat(kind.path()).isEqualTo("/p?q");
    assertThat(kind.port()).isEqualTo(8443);
    assertThat(kind.tls()).isEqualTo(new CheckKind.Tls(false, false));
    assertThat(kind.expected()).hasToString("200, 300-399");
    assertThat(kind.match()).isEqualTo(new BodyMatch.Search("OK"));
    assertThat(check.settings())
        .isEqualTo(
            new HealthCheck.Settings(
                Duration.ofMillis(1500),
                Duration.ofSeconds(1),
                2,
                5,
                new Hysteresis.Ratio(5, 10),
                true,
                true,
                Duration.ofSeconds(90)));
  }

  @Test
  void aRequestMayHaveMethodHeadersAndBody() {
    CheckKind.Http kind =
        (CheckKind.Http)
            check(
                    "{ http: { method: POST, headers: { Authorization: Basic eDp5, X-Probe: 1 },"
                        + " body: '{}', json: { /status: UP, /parts/0: 3 } } }",
                    "{ address: 192.0.2.1, health-check: c }")
                .kind();

    assertThat(kind.request().method()).isEqualTo("POST");
    assertThat(kind.request().headers())
        .isEqualTo(Map.of("Authorization", "Basic eDp5", "X-Probe", "1"));
    assertThat(kind.request().body()).isEqualTo("{}");
    assertThat(kind.match())
        .isEqualTo(new BodyMatch.Json(Map.of("/status", "UP", "/parts/0", "3")));
  }

  @Test
  void otherKindsHaveTheirValues() {
    String endpoint = "{ address: 192.0.2.1, health-check: c }";

    assertThat(
            check("{ tcp: { port: 25, send: \"QUIT\\r\\n\", expect: '220 ' } }", endpoint).kind())
        .isEqualTo(new CheckKind.Tcp(25, "QUIT\r\n", new BodyMatch.Search("220 ")));
    assertThat(check("{ tls: { host: h.example, expiry-days: 14 } }", endpoint).kind())
        .isEqualTo(
            new CheckKind.Handshake("h.example", 443, CheckKind.Tls.DEFAULT.withExpiryDays(14)));
    assertThat(
            check(
                    "{ dns: { name: example.org, type: AAAA, port: 5353, answer: [2001:db8::1] } }",
                    endpoint)
                .kind())
        .isEqualTo(
            new CheckKind.Dns(
                DomainName.parse("example.org."),
                RRType.AAAA,
                5353,
                0,
                Set.of(InetAddress.ofLiteral("2001:db8::1"))));
    assertThat(check("{ dns: { name: x., rcode: NXDOMAIN } }", endpoint).kind())
        .isEqualTo(new CheckKind.Dns(DomainName.parse("x."), RRType.A, 53, 3, Set.of()));
  }

  @Test
  void aCalculatedCheckBringsTheChecksItIsMadeFrom() {
    String text =
        """
        health-checks:
          c: { calculated: { checks: [web, both], healthy: all }, inverted: true }
          both: { calculated: { checks: [web, port], healthy: any } }
          web: { http: {} }
          port: { tcp: { port: 22 }, disabled: true }
        endpoints:
          e: { address: 192.0.2.1, health-check: c, port: 81 }
        records:
          w: { endpoint: e }
        """;
    LoadedZone zone = new ZoneFolder(folder).policy(text).zone();
    String id = "example.com/e/192.0.2.1";

    assertThat(zone.checks())
        .extracting(HealthCheck::id)
        .containsExactlyInAnyOrder(id, id + "/web", id + "/both", id + "/port");
    assertThat(zone.checks())
        .filteredOn(check -> check.address() == null)
        .extracting(HealthCheck::kind)
        .containsExactlyInAnyOrder(
            new CheckKind.Calculated(List.of(id + "/web", id + "/both"), 2),
            new CheckKind.Calculated(List.of(id + "/web", id + "/port"), 1));
    assertThat(zone.checks()).filteredOn(HealthCheck::isProbed).hasSize(1);
  }

  @Test
  void aCheckHasDefaults() {
    HealthCheck check = check("{ http: {} }", "{ address: 2001:db8::1, health-check: c }");

    assertThat(check.kind()).isEqualTo(CheckKind.http(null));
    assertThat(check.settings()).isEqualTo(HealthCheck.Settings.DEFAULT);
  }

  @Test
  void anEndpointMayHaveItsOwnPort() {
    assertThat(
            check("{ tcp: { port: 1 } }", "{ address: 192.0.2.1, health-check: c, port: 2 }")
                .kind())
        .isEqualTo(new CheckKind.Tcp(2));
    assertThat(check("{ http: {} }", "{ address: 192.0.2.1, health-check: c, port: 2 }").kind())
        .isEqualTo(CheckKind.http(null).withPort(2));
  }

  @Test
  void aCheckMayProbeAnAddressOfItsOwn() {
    HealthCheck own =
        check(
            "{ tcp: { port: 1, address: 127.0.0.1 } }", "{ address: 192.0.2.1, health-check: c }");
    assertThat(own.id()).isEqualTo("example.com/e/192.0.2.1");
    assertThat(own.probedAddress().getHostAddress()).isEqualTo("127.0.0.1");

    HealthCheck cname =
        check(
            "{ tcp: { port: 1, address: 127.0.0.1 } }",
            "{ cname: x.example.net., health-check: c }");
    assertThat(cname.id()).isEqualTo("example.com/e/127.0.0.1");
  }

  @Test
  void emptySectionsAreAllowedEmptyFilesAreNot() {
    assertThat(new ZoneFolder(folder).policy("records:\npools:\n# nothing\n").problems()).isEmpty();
    assertThat(new ZoneFolder(folder).policy("").problems().toString())
        .contains(":1:1: the policy file is empty; if the zone routes nothing, remove it");
    assertThat(new ZoneFolder(folder).policy("# only a comment").problems()).isEmpty();
  }

  @Test
  void anAliasMayStandBesideOtherDataOfItsOwner() {
    LoadedZone zone =
        new ZoneFolder(folder)
            .write("example.com.zone", ZoneFolder.PLAIN_ZONE + "@ MX 10 host\n@ TXT x\n")
            .write("example.com.policy.yaml", ENDPOINTS + "  '@': { alias: all }\n")
            .zone();

    assertThat(zone.routed().getLast().owner()).isEqualTo(zone.apex());
  }

  /** RFC 6750 §2.1 and RFC 7617 §2. */
  @ParameterizedTest
  @CsvSource({
    "'token-file: secret', Bearer s3cret",
    "'user: ann, password-file: secret', Basic YW5uOnMzY3JldA==",
    "'token: open', Bearer open",
  })
  @Check("S83")
  void whoAsksMayStandInAFileOfItsOwn(String keys, String sent) {
    LoadedZone zone =
        new ZoneFolder(folder)
            .write("secret", "s3cret\n")
            .policy(
                """
                health-checks: { c: { https: { headers: { X: y }, %s } } }
                endpoints: { e: { address: 192.0.2.1, health-check: c } }
                records: { w: { endpoint: e } }
                """
                    .formatted(keys))
            .zone();
    CheckKind.Http kind = (CheckKind.Http) zone.checks().getFirst().kind();
    assertThat(kind.request().headers())
        .containsExactly(Map.entry("X", "y"), Map.entry("Authorization", sent));
  }
}
