package dev.meridian.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.exchange.Route53Export.Options;
import dev.meridian.exchange.Route53Export.Result;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Route53ExportTest {
  private static final GeoDatabase GEO = GeoFixture.database();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ZONE =
      """
      $TTL 300
      @ SOA ns h 1 2 3 4 60
      @ NS ns.other.test.
      a.B A 192.0.2.9
      a-b A 192.0.2.9
      *.a TXT "q\\"\\233" "b"
      """;

  @TempDir private Path folder;

  private Result export(boolean nearest, String policy) throws IOException {
    Files.writeString(folder.resolve("t.test.zone"), ZONE);
    Files.writeString(folder.resolve("t.test.policy.yaml"), policy);
    return Route53Export.of(
        folder, LoadLimits.DEFAULT, new Options(DomainName.ROOT, "Z1", nearest), GEO);
  }

  private static List<String> sets(Result result) {
    String text = result.files().getOrDefault("t.test.route53.json", "");
    return text.lines().map(String::strip).filter(line -> line.startsWith("{\"Name\"")).toList();
  }

  private static List<String> messages(Result result) {
    return result.problems().stream().map(Problem::toString).toList();
  }

  private static final String NESTED =
      """
      endpoints:
        a: { address: [192.0.2.1, 2001:db8::1] }
        b: { address: 192.0.2.2 }
        c: { address: 192.0.2.3 }
      pools:
        eu: { weighted: { a: 3, b: 1 } }
      records:
        www: { ttl: 30, geolocation: { continent:EU: eu, default: { failover: [ a, b, c ] } } }
      """;

  @Test
  void aMultivalueWithTwoChecksForOneAnswerIsRefusedAndNotMadeAnAlias() throws IOException {
    String twice =
        """
        health-checks: { hc: { tcp: { port: 80 } }, site: { tcp: { port: 81, address: 192.0.2.9 } } }
        endpoints: { a: { address: 192.0.2.1, health-check: hc }, b: { address: 192.0.2.2 } }
        records: { m: { multivalue: [ { answer: a, health-check: site }, b ] } }
        """;
    assertThat(messages(export(false, twice)))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("a record set of a multivalue has one health check", "'a'"));
    assertThat(sets(export(true, twice)))
        .filteredOn(line -> line.contains("MultiValueAnswer"))
        .hasSize(2)
        .noneMatch(line -> line.contains("AliasTarget"));
  }

  @Test
  void recordSetsAreSortedAsRoute53SortsThemAndEscapedAsItEscapes() throws IOException {
    assertThat(
            sets(
                export(
                    false,
                    "endpoints: { x: { address: 192.0.2.1 } }\n"
                        + "records: { w: { endpoint: x } }")))
        .satisfiesExactly(
            line -> assertThat(line).contains("\"Type\":\"NS\""),
            line -> assertThat(line).contains("\"Type\":\"SOA\""),
            line -> assertThat(line).contains("a-b.t.test."),
            line ->
                assertThat(line)
                    .contains("\\\\052.a.t.test.")
                    .contains("\"\\\"q\\\\\\\"\\\\351\\\" \\\"b\\\"\""),
            line -> assertThat(line).contains("a.b.t.test."),
            line -> assertThat(line).contains("w.t.test.").contains("\"TTL\":60"));
  }

  @Test
  void whatIsNestedGetsANameOfItsOwn() throws IOException {
    Result result = export(false, NESTED);
    assertThat(messages(result)).isEmpty();
    assertThat(sets(result))
        .anyMatch(line -> line.contains("_eu.www.t.test.") && line.contains("\"Weight\":3"))
        .anyMatch(
            line ->
                line.startsWith("{\"Name\":\"www.t.test.\",\"Type\":\"AAAA\"")
                    && line.contains("\"GeoLocation\":{\"ContinentCode\":\"EU\"}")
                    && line.contains(
                        "{\"HostedZoneId\":\"Z1\",\"DNSName\":\"_eu.www.t.test.\","
                            + "\"EvaluateTargetHealth\":true}"))
        .anyMatch(line -> line.contains("\"_fallback") && line.contains("\"PRIMARY\""));
  }

  @Test
  void whatRoute53WouldAnswerOtherwiseIsAnErrorOrTheNearest() throws IOException {
    String policy =
        """
        endpoints:
          a: { address: 192.0.2.1, location: [52.5, 13.4] }
          b: { address: 192.0.2.2, location: eu-west-1 }
        records:
          w: { weighted: { a: 1000, b: 1 } }
          g: { geolocation: { CA-ON: a, default: b } }
          m: { multivalue: { max: 1, answers: [ a, b ] } }
        """;
    Result refused = export(false, policy);
    assertThat(refused.files()).isEmpty();
    assertThat(messages(refused))
        .hasSize(3)
        .anyMatch(line -> line.contains("policy.yaml:5:") && line.contains("weights are 0 to 255"))
        .anyMatch(line -> line.contains("subdivisions of US"))
        .anyMatch(line -> line.contains("up to 8"));
    Result nearest = export(true, policy);
    assertThat(nearest.files()).isNotEmpty();
    assertThat(nearest.problems()).hasSize(3).noneMatch(Problem::isError);
    assertThat(sets(nearest)).anyMatch(line -> line.contains("\"Weight\":255"));
  }

  @Test
  void aTtlThatFollowsHealthIsFixedInRoute53() throws IOException {
    String policy =
        """
        endpoints: { a: { address: 192.0.2.1 } }
        records:
          w: { ttl: { max: 5m, follow-health: true }, endpoint: a }
        """;
    assertThat(messages(export(false, policy)))
        .singleElement()
        .asString()
        .contains("policy.yaml:3:", "TTLs are fixed", "--nearest");
    assertThat(sets(export(true, policy)))
        .anyMatch(line -> line.contains("192.0.2.1") && line.contains("\"TTL\":300"));
  }

  @Test
  void aServiceBindingWithoutTheHintsOfASickFamilyIsAFailoverOfItsOwn() throws IOException {
    String policy =
        """
        health-checks: { up: { tcp: { port: 443 } } }
        endpoints:
          a: { address: [192.0.2.1, 2001:db8::1], health-check: up, https: 1 . alpn=h2 }
          b: { address: 192.0.2.2, health-check: up, https: 1 . alpn=h2 }
        records:
          w: { failover: [ a, b ] }
        """;
    Result result = export(false, policy);
    assertThat(result.problems()).noneMatch(Problem::isError);
    assertThat(sets(result))
        .filteredOn(line -> line.contains("\"Type\":\"HTTPS\""))
        .anyMatch(line -> line.contains("ipv4hint=192.0.2.1 ipv6hint=2001:db8:"))
        .anyMatch(line -> line.contains("ipv4hint=192.0.2.1\""))
        .anyMatch(line -> line.contains("_a.w.t.test.") && line.contains("PRIMARY"));
  }

  @Test
  void weightsWithACommonDivisorStayExact() throws IOException {
    Result result =
        export(
            false,
            "endpoints: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } }\n"
                + "records: { w: { weighted: { a: 3000, b: 1000 } } }");
    assertThat(sets(result))
        .anyMatch(line -> line.contains("\"Weight\":3,"))
        .anyMatch(line -> line.contains("\"Weight\":1,"));
  }

  @Test
  void anAliasOfAnotherZoneIsACopy() throws IOException {
    Files.writeString(folder.resolve("o.test.zone"), ZONE + "x 60 A 192.0.2.77\n");
    Result result = export(false, "records: { w: { alias: x.o.test. } }");
    assertThat(messages(result)).isEmpty();
    assertThat(sets(result))
        .anyMatch(line -> line.contains("_x-o-test.w.t.test.") && line.contains("192.0.2.77"));
  }

  /** A name may have any octet (RFC 2181 §11), and those of a path are among them. */
  @Test
  @Check("S42")
  void noNameLeadsOutOfTheFolder() {
    DomainName up = DomainName.parse("\\.\\./\\.\\./etc/cron.test.", DomainName.ROOT);
    DomainName absolute = DomainName.parse("/etc/cron.test.", DomainName.ROOT);
    for (DomainName apex : List.of(up, absolute, DomainName.parse("0/25.2.0.192.in-addr.arpa."))) {
      String base = ZoneSetLoader.baseName(apex);
      assertThat(folder.resolve(base + ".zone").getParent()).isEqualTo(folder);
      assertThat(folder.resolve(base + ".zone").normalize().getParent()).isEqualTo(folder);
      assertThat(DomainName.parse(base, DomainName.ROOT)).isEqualTo(apex);
    }
    assertThat(ZoneSetLoader.baseName(DomainName.ROOT)).isEqualTo(".");
  }

  @Test
  void whoMayAskIsNotSaidThere() throws IOException {
    Result result =
        export(
            false,
            "allow-query: 10.0.0.0/8\n"
                + "endpoints: { e: { address: 192.0.2.1 } }\nrecords: { w: { multivalue: [e] } }");
    assertThat(messages(result))
        .containsExactly(
            "t.test.zone:1:1: warning: t.test.: in Route 53 everybody may ask for a public zone;"
                + " allow-query is left out");
    assertThat(sets(result)).isNotEmpty();
  }

  @Test
  void changeBatchesKeepTheLimitsAndTheOrderOfAliases() throws IOException {
    String many =
        IntStream.range(0, 1200)
            .mapToObj(i -> "  n" + i + ": { alias: n" + (i / 2) + " }")
            .filter(line -> !line.contains("n0: "))
            .reduce(
                "endpoints: { e: { address: 192.0.2.1 } }\nrecords:\n  n0: { endpoint: e }\n",
                (text, line) -> text + line + "\n");
    Result result = export(false, many);
    assertThat(messages(result)).isEmpty();
    Set<String> created = new HashSet<>();
    int batches = 0;
    for (var file : result.files().entrySet()) {
      if (!file.getKey().contains(".change-batch-")) {
        continue;
      }
      batches++;
      int elements = 0;
      for (JsonNode change : JSON.readTree(file.getValue()).get("Changes")) {
        JsonNode set = change.get("ResourceRecordSet");
        if (set.has("AliasTarget")) {
          assertThat(created).contains(set.get("AliasTarget").get("DNSName").asText());
        }
        created.add(set.get("Name").asText());
        elements += 2 * Math.max(1, set.path("ResourceRecords").size());
        assertThat(set.get("Type").asText()).isNotEqualTo("SOA");
      }
      assertThat(elements).isLessThanOrEqualTo(1000);
    }
    assertThat(batches).isEqualTo(3);
  }

  /** The command line checks what it is given against the API's model before it sends it. */
  @Test
  void theAwsCommandLineTakesTheChangeBatches() throws Exception {
    Path aws = program("aws");
    Assumptions.assumeTrue(aws != null, "aws is not installed; see awscli");
    Result result = export(false, NESTED);
    Path batch = folder.resolve("batch.json");
    Files.writeString(batch, result.files().getOrDefault("t.test.change-batch-1.json", ""));
    List<String> command = new ArrayList<>(List.of(String.valueOf(aws), "route53"));
    command.addAll(List.of("change-resource-record-sets", "--hosted-zone-id", "Z1"));
    command.addAll(List.of("--change-batch", "file://" + batch));
    command.addAll(List.of("--generate-cli-skeleton", "output"));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().put("AWS_DEFAULT_REGION", "us-east-1");
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), UTF_8);
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).as(said).isZero();
    assertThat(said).contains("ChangeInfo");
  }

  private static @Nullable Path program(String name) {
    for (String place : String.valueOf(System.getenv("PATH")).split(":", -1)) {
      Path path = Path.of(place, name);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
  }
}
