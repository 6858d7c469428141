package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.control.Server;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthStatus;
import dev.meridian.testkit.Asking;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.RealServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A traffic policy document, imported by the command and asked over the wire. The answers are what
 * Route 53's documentation says of this tree; a to f are 192.0.2.1 to 192.0.2.6, s is 192.0.2.9:
 *
 * <pre>
 * start     geolocation   EU             europe
 *                         US-WA          europe, EvaluateTargetHealth false
 *                         NA             near
 *                         default        rest
 * europe    failover      pool, then s
 * pool      weighted      a 3, b 1
 * near      geoproximity  c us-east-1, d Boardman with bias 50, pool eu-west-1
 * rest      multivalue    e, f
 * </pre>
 */
class TrafficPolicyServedTest {
  private static final String FRANCE = "100.64.1.0";
  private static final String WASHINGTON = "203.0.113.0";
  private static final String OTTAWA = "192.0.2.0";
  private static final String KANSAS = "198.51.100.0";
  private static final String JAPAN = "100.64.2.0";
  private static final String UNKNOWN = "100.64.9.0";

  private static final String LISTING =
      """
      {"ResourceRecordSets":[
      {"Name":"t.test.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
      {"Name":"t.test.","Type":"NS","TTL":900,"ResourceRecords":[{"Value":"ns.other.test."}]},
      {"Name":"www.t.test.","Type":"A","TTL":30,"TrafficPolicyInstanceId":"i"},
      {"Name":"app.t.test.","Type":"A","AliasTarget":
        {"HostedZoneId":"Z","DNSName":"www.t.test.","EvaluateTargetHealth":true}}
      ]}
      """;

  private static final String ADDRESSES =
      """
      {"AWSPolicyFormatVersion":"2023-05-09","RecordType":"A","StartRule":"start",
      "Endpoints":{
        "a":{"Type":"value","Value":"192.0.2.1"},
        "b":{"Type":"value","Value":"192.0.2.2"},
        "c":{"Type":"value","Value":"192.0.2.3"},
        "d":{"Type":"value","Value":"192.0.2.4"},
        "e":{"Type":"value","Value":"192.0.2.5"},
        "f":{"Type":"value","Value":"192.0.2.6"},
        "s":{"Type":"value","Value":"192.0.2.9"}},
      "Rules":{
        "start":{"RuleType":"geo","Locations":[
          {"Continent":"EU","RuleReference":"europe","EvaluateTargetHealth":true},
          {"Country":"US","Subdivision":"WA","RuleReference":"europe","EvaluateTargetHealth":false},
          {"Continent":"NA","RuleReference":"near","EvaluateTargetHealth":true},
          {"IsDefault":true,"RuleReference":"rest","EvaluateTargetHealth":true}]},
        "europe":{"RuleType":"failover",
          "Primary":{"RuleReference":"pool","EvaluateTargetHealth":true},
          "Secondary":{"EndpointReference":"s","HealthCheck":"s"}},
        "pool":{"RuleType":"weighted","Items":[
          {"EndpointReference":"a","Weight":"3","HealthCheck":"a"},
          {"EndpointReference":"b","Weight":"1","HealthCheck":"b"}]},
        "near":{"RuleType":"geoproximity","GeoproximityLocations":[
          {"EndpointReference":"c","Region":"aws:route53:us-east-1","HealthCheck":"c"},
          {"EndpointReference":"d","Latitude":"45.8","Longitude":"-119.7","Bias":"50","HealthCheck":"d"},
          {"RuleReference":"pool","Region":"aws:route53:eu-west-1","EvaluateTargetHealth":true}]},
        "rest":{"RuleType":"multivalue","Items":[
          {"EndpointReference":"e","HealthCheck":"e"},
          {"EndpointReference":"f","HealthCheck":"f"}]}}}
      """;

  private static final String IPV6 =
      """
      {"AWSPolicyFormatVersion":"2015-10-01","RecordType":"AAAA","StartEndpoint":"six",
      "Endpoints":{"six":{"Type":"value","Value":"2001:db8::6"}}}
      """;

  @TempDir private Path folder;
  private Server server;

  @BeforeEach
  void serve() throws Exception {
    Path zones = imported();
    Path geo = Files.createDirectory(folder.resolve("geo"));
    GeoFixture.writeCityTo(geo);
    server = RealServer.start(zones, geo, folder.resolve("state"), 20261128);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Path imported() throws IOException {
    List<String> checks = new ArrayList<>();
    for (char id : "abcdefs".toCharArray()) {
      checks.add(
          """
          {"Id":"%s","HealthCheckConfig":{"Type":"TCP","IPAddress":"127.0.0.1","Port":%d}}
          """
              .formatted(id, 9000 + id));
    }
    List<String> line = new ArrayList<>(List.of("import", "route53"));
    line.add(write("t.test.json", LISTING));
    line.add(write("a.json", ADDRESSES));
    line.add(write("aaaa.json", IPV6));
    line.add(write("checks.json", "{\"HealthChecks\":[" + String.join(",", checks) + "]}"));
    Path zones = folder.resolve("zones");
    line.addAll(List.of("--name", "www.t.test", "--ttl", "30", "-o", zones.toString()));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
    int code = Main.run(line.toArray(String[]::new), new PrintStream(errors), err);
    assertThat(code).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    return zones;
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** Decides every check: those named are down, the others up. */
  private void down(String... ids) {
    Set<String> ports =
        Set.of(ids).stream().map(id -> "-" + (9000 + id.charAt(0))).collect(Collectors.toSet());
    for (HealthStatus status : server.board().statuses()) {
      String check = status.id();
      boolean down = ports.stream().anyMatch(check::contains);
      HealthOverride.Action action = down ? HealthOverride.Action.DOWN : HealthOverride.Action.UP;
      server.place(new HealthOverride(check, action, "ann", "test", Instant.now(), null)).join();
    }
    server.turn().join();
  }

  private String answer(String name, String type, String client) {
    try {
      Record question =
          Record.newRecord(Name.fromString(name + ".t.test."), Type.value(type), DClass.IN);
      Message query = Message.newQuery(question);
      EDNSOption subnet = new ClientSubnetOption(24, InetAddress.ofLiteral(client));
      query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(subnet)), Section.ADDITIONAL);
      Message response = Asking.udp(server.addresses().getFirst(), query);
      assertThat(response.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(response.getHeader().getFlag(Flags.AA)).isTrue();
      List<Record> records = response.getSection(Section.ANSWER);
      assertThat(records).allMatch(r -> r.getTTL() == 30 && r.getName().equals(question.getName()));
      return records.stream()
          .map(record -> record.rdataToString().replaceFirst("192\\.0\\.2\\.", ""))
          .sorted()
          .collect(Collectors.joining("+"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** All that a client is answered with in forty queries: a share of 1/4 is missed once in 10^5. */
  private void assertAnswers(String client, String... expected) {
    for (String name : List.of("www", "app")) {
      Set<String> answers = new TreeSet<>();
      for (int i = 0; i < 40; i++) {
        answers.add(answer(name, "A", client));
      }
      assertThat(answers).as("%s for %s", name, client).containsExactly(expected);
    }
  }

  @Test
  void theTreeIsWalkedToItsEndsAndHealthLeadsOut() {
    down();
    assertAnswers(FRANCE, "1", "2");
    assertAnswers(WASHINGTON, "1", "2");
    assertAnswers(OTTAWA, "3");
    assertAnswers(KANSAS, "4"); // 1524 km to c, 2125 km to d, which the bias halves
    assertAnswers(JAPAN, "5+6");
    assertAnswers(UNKNOWN, "5+6");

    down("a", "c", "e");
    assertAnswers(FRANCE, "2");
    assertAnswers(WASHINGTON, "2");
    assertAnswers(OTTAWA, "4");
    assertAnswers(JAPAN, "6");

    down("a", "b");
    assertAnswers(FRANCE, "9");
    assertAnswers(WASHINGTON, "9");

    down("c", "d");
    assertAnswers(OTTAWA, "1", "2"); // the shared pool, from Dublin
    assertAnswers(KANSAS, "1", "2");
  }

  @Test
  void aDeadRuleIsLeftForTheDefaultUnlessItsReferenceDoesNotEvaluate() {
    down("a", "b", "s");
    assertAnswers(FRANCE, "5+6");
    assertAnswers(WASHINGTON, "1", "2"); // fail-open inside of europe

    down("a", "b", "c", "d");
    assertAnswers(FRANCE, "9");
    assertAnswers(OTTAWA, "5+6");

    down("e", "f");
    assertAnswers(JAPAN, "5+6"); // nothing else applies

    down("a", "b", "c", "d", "e", "f", "s");
    assertAnswers(FRANCE, "1", "2"); // the smallest place, and so on down
    assertAnswers(OTTAWA, "3");
    assertAnswers(JAPAN, "5+6");
  }

  @Test
  void weightsAreShares() {
    down();
    int first = 0;
    for (int i = 0; i < 400; i++) {
      first += answer("www", "A", FRANCE).equals("1") ? 1 : 0;
    }
    assertThat(first).isBetween(300 - 35, 300 + 35); // four standard deviations
  }

  @Test
  void aDocumentForAnotherTypeIsAnsweredBesideIt() {
    down();
    assertThat(answer("www", "AAAA", FRANCE)).isEqualTo("2001:db8:0:0:0:0:0:6");
  }
}
