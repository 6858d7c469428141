package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.ServerState;
import dev.meridian.exchange.Route53Export;
import dev.meridian.exchange.Route53Import;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Zones as others' tools leave them in Route 53: as JSON, imported, and exported again alike. */
class Route53RealZonesTest {
  private static final GeoDatabase GEO = GeoFixture.database();
  private static final String CHECKS =
      """
      {"HealthChecks":[{"Id":"h","HealthCheckConfig":{"Type":"TCP","IPAddress":"192.0.2.77","Port":443}}]}
      """;

  private final List<String> sets = new ArrayList<>();

  @TempDir private Path folder;

  private void set(String name, String type, String more, String... values) {
    List<String> records = new ArrayList<>();
    for (String value : values) {
      String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"");
      records.add("{\"Value\":\"" + escaped + "\"}");
    }
    String owner = (name.isEmpty() ? "" : name.replace("\\", "\\\\") + ".") + "t.test.";
    String data =
        more.contains("AliasTarget")
            ? ""
            : (more.contains("TTL") ? "" : ",\"TTL\":300")
                + ",\"ResourceRecords\":["
                + String.join(",", records)
                + "]";
    sets.add("{\"Name\":\"" + owner + "\",\"Type\":\"" + type + "\"" + more + data + "}");
  }

  private static String routed(String id, String routing) {
    return ",\"SetIdentifier\":\"" + id.replace("\"", "\\\"") + "\"," + routing;
  }

  private static String alias(String to) {
    return ",\"AliasTarget\":{\"HostedZoneId\":\"Z\",\"DNSName\":\""
        + to
        + ".t.test.\",\"EvaluateTargetHealth\":true}";
  }

  private void apex() {
    set(
        "",
        "SOA",
        "",
        "ns-1.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400");
    set("", "NS", "", "ns-1.awsdns-00.com.", "ns-2.awsdns-01.net.");
  }

  private InProcess serve(Map<String, String> files) {
    return new InProcess(
        ServerState.of(
            GoldenServer.compile(files, GEO, new HealthRegistry()).zones(),
            EligibilitySnapshot.ALL,
            1),
        5);
  }

  /** The zone as it is, imported, and exported from what was imported. */
  private Map<String, InProcess> servers() throws IOException {
    String json = "{\"ResourceRecordSets\":[" + String.join(",\n", sets) + "]}";
    Map<String, String> direct = new LinkedHashMap<>();
    direct.put("t.test.route53.json", json);
    direct.put("health-checks.route53.json", CHECKS);
    Path zone = Files.writeString(folder.resolve("zone.json"), json);
    Path checks = Files.writeString(folder.resolve("checks.json"), CHECKS);
    Route53Import.Result result = Route53Import.read(List.of(zone, checks), LoadLimits.DEFAULT);
    assertThat(result.zones()).as("%s", result.problems()).hasSize(1);
    Map<String, String> imported = new LinkedHashMap<>();
    imported.put("t.test.zone", result.zones().getFirst().zone());
    result.zones().getFirst().policy().ifPresent(p -> imported.put("t.test.policy.yaml", p));
    Path out = Files.createDirectory(folder.resolve("imported"));
    for (Map.Entry<String, String> file : imported.entrySet()) {
      Files.writeString(out.resolve(file.getKey()), file.getValue());
    }
    Route53Export.Result back =
        Route53Export.of(
            out, LoadLimits.DEFAULT, new Route53Export.Options(DomainName.ROOT, "Z", false), GEO);
    assertThat(back.files()).as("%s", back.problems()).isNotEmpty();
    Map<String, String> exported = new LinkedHashMap<>(back.files());
    exported.keySet().removeIf(name -> name.contains("change-batch"));
    Map<String, InProcess> servers = new LinkedHashMap<>();
    servers.put("json", serve(direct));
    servers.put("imported", serve(imported));
    servers.put("exported", serve(exported));
    return servers;
  }

  private static Set<Set<String>> answers(InProcess server, String query, int times) {
    Set<Set<String>> answers = new HashSet<>();
    for (int i = 0; i < times; i++) {
      Message response = server.ask(query);
      assertThat(response.getRcode()).as(query).isEqualTo(Rcode.NOERROR);
      answers.add(records(response));
    }
    return answers;
  }

  private static Set<String> records(Message response) {
    Set<String> records = new TreeSet<>();
    response.getSection(Section.ANSWER).forEach(record -> records.add(record.toString()));
    return records;
  }

  private static void assertAlike(Map<String, InProcess> servers, String query, int times) {
    Set<Set<String>> expected = answers(Objects.requireNonNull(servers.get("json")), query, times);
    assertThat(expected).as(query).isNotEmpty().doesNotContain(Set.of());
    servers.forEach(
        (which, server) ->
            assertThat(answers(server, query, times))
                .as("%s %s", which, query)
                .isEqualTo(expected));
  }

  @Test
  void whatToolsWriteIsServedImportedAndExportedAlike() throws IOException {
    apex();
    String eu = "\"GeoLocation\":{\"ContinentCode\":\"EU\"}";
    set("www", "A", routed("1", eu) + alias("_octodns-eu-pool.www"));
    String any = "\"GeoLocation\":{\"CountryCode\":\"*\"}";
    set("www", "A", routed("2", any) + alias("_octodns-default-pool.www"));
    String first = routed("eu-Primary", "\"Failover\":\"PRIMARY\"");
    set("_octodns-eu-pool.www", "A", first + alias("_octodns-eu-value.www"));
    String second = routed("eu-Secondary-default", "\"Failover\":\"SECONDARY\"");
    set("_octodns-eu-pool.www", "A", second + alias("_octodns-default-pool.www"));
    String check = ",\"HealthCheckId\":\"h\"";
    set("_octodns-eu-value.www", "A", routed("eu-000", "\"Weight\":1") + check, "192.0.2.1");
    set("_octodns-eu-value.www", "A", routed("eu-001", "\"Weight\":2") + check, "192.0.2.2");
    set("_octodns-default-pool.www", "A", "", "192.0.2.9");
    String owner =
        "\"heritage=external-dns,external-dns/owner=default,external-dns/resource=service/x\"";
    set("a-nginx", "TXT", "", owner);
    set("nginx", "A", routed("blue", "\"Weight\":10"), "192.0.2.11");
    set("nginx", "A", routed("green", "\"Weight\":20"), "192.0.2.12");
    for (String token : List.of("\"token-1\"", "\"token-2\"")) {
      String challenge = routed(token, "\"MultiValueAnswer\":true") + ",\"TTL\":10";
      set("_acme-challenge", "TXT", challenge, token);
    }
    set("\\052.apps", "A", "", "192.0.2.20");
    set("a\\100b", "TXT", "", "\"at\"");
    set("dkim._domainkey", "TXT", "", "\"" + "k".repeat(255) + "\" \"rest \\\"quoted\\\" \\\\\"");
    set("", "CAA", "", "0 issue \"letsencrypt.org\"", "0 iodef \"mailto:x@t.test\"");
    set("child", "NS", "", "ns.other.test.");
    set("child", "DS", "", "1 13 2 " + "ab".repeat(32));
    set("", "HTTPS", "", "1 . alpn=\"h2,h3\" ipv4hint=192.0.2.1");
    set("_dns", "SVCB", "", "1 dns.t.test. alpn=\"dot\" port=853");
    set("sip", "NAPTR", "", "10 100 \"s\" \"SIP+D2U\" \"\" _sip._udp.t.test.");
    set("host", "SSHFP", "", "4 2 " + "cd".repeat(32));
    set("_443._tcp", "TLSA", "", "3 1 1 " + "ef".repeat(32));
    set("", "SPF", "", "\"v=spf1 -all\"");
    Map<String, InProcess> servers = servers();
    for (String query :
        List.of(
            "www.t.test. A +subnet=100.64.1.0/24",
            "www.t.test. A +subnet=100.64.2.0/24",
            "a-nginx.t.test. TXT",
            "nginx.t.test. A",
            "_acme-challenge.t.test. TXT",
            "x.apps.t.test. A",
            "a\\064b.t.test. TXT",
            "dkim._domainkey.t.test. TXT",
            "t.test. CAA",
            "child.t.test. DS",
            "t.test. HTTPS",
            "_dns.t.test. SVCB",
            "sip.t.test. NAPTR",
            "host.t.test. SSHFP",
            "_443._tcp.t.test. TLSA",
            "t.test. SPF")) {
      assertAlike(servers, query, 40);
    }
  }

  @Test
  void fiveThousandRecordSetsAreAlike() throws IOException {
    apex();
    for (int i = 0; i < 1000; i++) {
      set("h" + i, "A", "", "192.0.2." + i % 250, "198.51.100." + i % 250);
      set("h" + i, "AAAA", "", "2001:db8::" + Integer.toHexString(i));
      set("h" + i, "TXT", "", "\"number " + i + "\"", "\"and \\\"more\\\"\"");
      set("h" + i, "MX", "", "10 h" + (i + 1) % 1000 + ".t.test.");
      set("c" + i, "CNAME", "", "h" + i + ".t.test.");
    }
    Map<String, InProcess> servers = servers();
    for (int i = 0; i < 1000; i++) {
      for (String type : List.of("A", "AAAA", "TXT", "MX")) {
        assertAlike(servers, "h" + i + ".t.test. " + type, 1);
      }
      assertAlike(servers, "c" + i + ".t.test. A", 1);
    }
  }
}
