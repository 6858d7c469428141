package dev.meridian.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/** What a running server writes down of queries. */
class QueryLogTest {
  @TempDir private Path folder;

  @Test
  void aRoute53LineHasTheTenFieldsOfVersionOne() throws Exception {
    Path log =
        ask(
            Map.of(ConfigKey.QUERY_LOG_FORMAT, "route53", ConfigKey.SERVER_ID, "fra 1"),
            Answering.query("WWW.example.org.", "A", "198.51.100.0/24"),
            Answering.query("nothing.example.org.", "AAAA"),
            Answering.query("elsewhere.example.net.", "TXT"));
    String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .matches(
            "1\\.0 "
                + time
                + " example\\.org www\\.example\\.org A NOERROR UDP fra_1 127\\.0\\.0\\.0"
                + " 198\\.51\\.100\\.0/24");
    assertThat(lines.get(1)).endsWith("nothing.example.org AAAA NXDOMAIN UDP fra_1 127.0.0.0 -");
    assertThat(lines.get(2)).contains("Z - elsewhere.example.net TXT REFUSED UDP ");
  }

  @Test
  void aJsonLineSaysWhatWasChosenAndWhy() throws Exception {
    Path log = ask(Map.of(), Answering.query("www.example.org.", "A", "198.51.100.7/32"));
    JsonNode line = new ObjectMapper().readTree(Files.readString(log));
    assertThat(line.path("name").asText()).isEqualTo("www.example.org");
    assertThat(line.path("type").asText()).isEqualTo("A");
    assertThat(line.path("zone").asText()).isEqualTo("example.org");
    assertThat(line.path("rcode").asText()).isEqualTo("NOERROR");
    assertThat(line.path("protocol").asText()).isEqualTo("udp");
    assertThat(line.path("scope").asInt(-1)).isZero();
    assertThat(line.path("endpoints")).hasSize(1);
    assertThat(line.path("endpoints").path(0).asText()).isIn("a", "b");
    assertThat(line.path("reason").asText())
        .startsWith("failover: " + line.path("endpoints").path(0).asText() + " (");
    assertThat(line.path("micros").asInt(-1)).isNotNegative();
    assertThat(line.has("truncated")).isFalse();
    assertThat(line.has("cookie")).isFalse();
  }

  @Test
  void everyPolicyOnAChainIsTold() throws Exception {
    Path zones = Files.createDirectories(folder.resolve("zones"));
    Files.writeString(
        zones.resolve("chain.example.zone"),
        """
        $TTL 300
        @      SOA ns1 host 1 3600 600 86400 60
        @      NS  ns1
        ns1    A   192.0.2.1
        start  CNAME one
        away   CNAME out
        """);
    Files.writeString(
        zones.resolve("chain.example.policy.yaml"),
        """
        endpoints:
          to-two: { cname: two.chain.example. }
          to-www: { cname: www.example.org. }
          to-sea: { cname: www.example.net. }
        records:
          one: { geolocation: { default: to-two } }
          two: { failover: [ to-www ] }
          out: { weighted: { to-sea: 1 } }
        """);
    Path log =
        ask(
            Map.of(),
            Answering.query("start.chain.example.", "A"),
            Answering.query("away.chain.example.", "A"));
    List<String> lines = Files.readAllLines(log);
    JsonNode line = new ObjectMapper().readTree(lines.get(0));
    assertThat(line.path("through").toString())
        .isEqualTo(
            "[{\"name\":\"one.chain.example\",\"endpoints\":[\"to-two\"],"
                + "\"reason\":\"geolocation: to-two (healthy, preferred)\"},"
                + "{\"name\":\"two.chain.example\",\"endpoints\":[\"to-www\"],"
                + "\"reason\":\"failover: to-www (healthy, preferred)\"}]");
    assertThat(line.path("reason").asText()).startsWith("failover: ");
    JsonNode away = new ObjectMapper().readTree(lines.get(1));
    assertThat(away.path("endpoints").toString()).isEqualTo("[\"to-sea\"]");
    assertThat(away.has("through")).as("the last policy is no link").isFalse();
  }

  @Test
  @Check("S124")
  @Rfc(number = 7871, sections = "11.1")
  void clientsAreCutToTheirNetworkUnlessAskedFor() throws Exception {
    Message query = Answering.query("www.example.org.", "A", "198.51.100.7/32");
    String cut = Files.readString(ask(Map.of(), query));
    assertThat(cut)
        .contains("\"client\":\"127.0.0.0/24\"")
        .contains("\"subnet\":\"198.51.100.0/24\"");
    String whole = Files.readString(ask(Map.of(ConfigKey.QUERY_CLIENTS, "address"), query));
    assertThat(whole)
        .contains("\"client\":\"127.0.0.1\"")
        .contains("\"subnet\":\"198.51.100.7/32\"");
  }

  @Test
  @Check("S120")
  void noNameCanMakeALineOfItsOwn() throws Exception {
    for (String format : List.of("json", "route53")) {
      Path log =
          ask(
              Map.of(ConfigKey.QUERY_LOG_FORMAT, format),
              Answering.query("a\\010b\\032\"\\027\\200.example.org.", "A"));
      assertThat(Files.readAllLines(log)).hasSize(1);
      assertThat(Files.readAllLines(log).getFirst())
          .contains("\\010")
          .contains("\\032")
          .isPrintable();
    }
  }

  @Test
  void aCookieAndTcpAreTold() throws Exception {
    Path log = folder.resolve("cookie.log");
    try (Server server = serve(log, Map.of())) {
      InetSocketAddress address = server.addresses().getFirst();
      Asking.udp(address, Answering.queryWithOption("www.example.org.", "A", 10, new byte[8]));
      Asking.tcp(address, Answering.query("www.example.org.", "A"));
    }
    List<String> lines = Files.readAllLines(log);
    assertThat(lines.get(0)).contains("\"cookie\":\"given\"").contains("\"protocol\":\"udp\"");
    assertThat(lines.get(1)).contains("\"protocol\":\"tcp\"").doesNotContain("micros");
  }

  @Test
  void aFileThatIsMovedAwayIsBegunAnew() throws Exception {
    Path log = folder.resolve("moved.log");
    Path old = folder.resolve("moved.log.1");
    try (Server server = serve(log, Map.of())) {
      InetSocketAddress address = server.addresses().getFirst();
      Asking.udp(address, Answering.query("www.example.org.", "A"));
      Awaitility.await().until(() -> Files.size(log) > 0);
      Files.move(log, old);
      server.reopenLogs();
      Awaitility.await().until(() -> Files.exists(log));
      Asking.udp(address, Answering.query("text.example.org.", "TXT"));
    }
    assertThat(Files.readAllLines(old)).singleElement().asString().contains("www.example.org");
    assertThat(Files.readAllLines(log)).singleElement().asString().contains("text.example.org");
  }

  @Test
  void nobodyHasToTellThatAFileWasMoved() throws Exception {
    Path log = folder.resolve("quiet.log");
    try (Server server = serve(log, Map.of())) {
      assertThat(server.queryLogLost()).isZero();
      Files.move(log, folder.resolve("quiet.log.1"));
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(log));
    }
  }

  @Test
  void aFileThatCannotBeOpenedStopsTheStartWithASentence() throws Exception {
    ZoneFolder.write(folder, 1);
    assertThatThrownBy(() -> serve(folder.resolve("no/such/folder.log"), Map.of()))
        .isInstanceOf(QueryLogException.class)
        .hasMessageContaining("folder.log: there is no such file or folder; ")
        .hasMessageContaining("--query-log");
  }

  private Path ask(Map<ConfigKey, String> settings, Message... queries) throws Exception {
    Path log = Files.createTempFile(folder, "queries", ".log");
    try (Server server = serve(log, settings)) {
      for (Message query : queries) {
        Asking.udp(server.addresses().getFirst(), query);
      }
    }
    return log;
  }

  private Server serve(Path log, Map<ConfigKey, String> settings) throws Exception {
    Map<ConfigKey, String> all = new HashMap<>(settings);
    all.put(ConfigKey.QUERY_LOG, log.toString());
    return ZoneFolder.serve(ZoneFolder.write(folder.resolve("zones"), 1), all);
  }
}
