package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.health.HealthOverride;
import dev.meridian.testkit.Check;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told while something is down: {@code www} fails over from {@code a} to {@code b}. */
class SituationTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private Server server;
  private HttpServer http;

  @BeforeEach
  void open() throws Exception {
    server = ZoneFolder.serve(ZoneFolder.write(folder, 7));
    http = Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server);
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @Test
  void whenAllIsWellOneSentenceSaysSo() throws Exception {
    JsonNode overview = get("overview");
    assertThat(overview.path("level").asText()).isEqualTo("ok");
    assertThat(overview.path("headline").asText())
        .isEqualTo("The only check is up; the only routed name answers as planned");
    assertThat(overview.path("troubles")).isEmpty();
  }

  @Test
  void aTroubleSaysWhatWhyWhoAndWhatWouldBeNext() throws Exception {
    takeDown();
    JsonNode overview = get("overview");
    assertThat(overview.path("level").asText()).isEqualTo("degraded");
    assertThat(overview.path("headline").asText())
        .isEqualTo(
            "1 of 1 check is down; www.example.org answers from elsewhere;"
                + " all the world is affected");
    JsonNode trouble = overview.path("troubles").get(0);
    assertThat(trouble.path("what").asText()).isEqualTo("example.org/a");
    assertThat(trouble.path("why").asText()).isEqualTo("down by ann: new rack");
    JsonNode effect = trouble.path("effects").get(0);
    assertThat(effect.path("name").asText()).isEqualTo("www.example.org");
    assertThat(effect.path("moved").asDouble()).isEqualTo(1);
    assertThat(effect.path("takers").toString()).isEqualTo("[\"example.org/b\"]");
    assertThat(effect.path("next")).as("b has no check, so nothing takes it out").isEmpty();
  }

  @Test
  void aNameWithoutAnAnswerIsTheWorst() throws Exception {
    Path policy = folder.resolve("example.org.policy.yaml");
    Files.writeString(
        policy,
        Files.readString(policy).replace("[ a, b ] }", "[ a ], on-all-unhealthy: nodata }"));
    server.reload("test").join();
    takeDown();
    JsonNode overview = get("overview");
    assertThat(overview.path("level").asText()).isEqualTo("critical");
    assertThat(overview.path("headline").asText())
        .contains("www.example.org has no answer, as nothing healthy is left");
    assertThat(overview.path("names").path("unanswered").asInt()).isEqualTo(1);
    JsonNode effect = overview.path("troubles").get(0).path("effects").get(0);
    assertThat(effect.path("unanswered").asBoolean()).isTrue();
    assertThat(effect.path("takers")).isEmpty();
    JsonNode name = get("names").path("names").get(0);
    assertThat(name.path("unanswered").asBoolean()).isTrue();
    assertThat(name.path("policy").asText()).isEqualTo("failover");
  }

  @Test
  void whatFailsAndIsHeldIsNotCalledUp() throws Exception {
    String ten = "[ e0, e1, e2, e3, e4, e5, e6, e7, e8, e9 ]";
    StringBuilder policy =
        new StringBuilder(
            """
            health-checks:
              web: { tcp: { port: 9, address: 127.0.0.1 }, interval: 1s, failure-threshold: 1 }
            records:
              www: { multivalue: { max: 10, answers: %s } }
            endpoints:
            """
                .formatted(ten));
    for (int i = 0; i < 10; i++) {
      policy.append(
          "  e%d: { address: 192.0.2.%d, location: eu-west-1, health-check: web }\n"
              .formatted(i, i + 10));
    }
    Files.writeString(folder.resolve("example.org.policy.yaml"), policy);
    server.reload("test").join();
    Awaitility.await().until(() -> server.board().statuses().stream().anyMatch(s -> s.isHeld()));
    JsonNode overview = get("overview");
    assertThat(overview.path("checks").path("held").asInt()).isPositive();
    JsonNode trouble = overview.path("troubles").get(0);
    assertThat(trouble.path("exposed").asInt()).isEqualTo(1);
    assertThat(get("endpoints").path("held").asInt()).isPositive();
    assertThat(get("states?state=held").path("total").asInt()).isPositive();
    JsonNode place = overview.path("places").get(0);
    assertThat(place.path("region").asText()).isEqualTo("eu-west-1");
    assertThat(place.path("endpoints").asInt()).isEqualTo(10);
    assertThat(place.path("held").asInt()).isPositive();
  }

  @Test
  void sharesFollowHealth() throws Exception {
    assertThat(share("a")).isEqualTo(1);
    takeDown();
    assertThat(share("a")).isZero();
    assertThat(share("b")).isEqualTo(1);
    JsonNode name = get("name?name=www.example.org");
    assertThat(name.path("tree").path("branches").get(0).path("node").path("healthy").asBoolean())
        .isFalse();
    assertThat(name.path("countries").path("DE").asText()).isEqualTo("b");
  }

  @Test
  void aModelChangesNothingThatServes() throws Exception {
    JsonNode model = whatIf("example.org/a");
    assertThat(model.path("names").get(0).path("after").get(0).path("endpoint").asText())
        .isEqualTo("b");
    assertThat(share("a")).isEqualTo(1);
    assertThat(server.board().overrides()).isEmpty();
    assertThat(whatIf("example.org/b").path("unwatched").toString())
        .isEqualTo("[\"example.org/b\"]");
  }

  @Test
  void whatHappensIsToldWithItsNumberAndCanBeAskedForAgain() throws Exception {
    List<String> first = events("", "event: override-set", this::takeDown);
    assertThat(first).contains("event: hello");
    String id = first.stream().filter(line -> line.startsWith("id: ")).findFirst().orElseThrow();
    long number = Long.parseLong(id.substring("id: ".length()));
    List<String> again =
        events("Last-Event-ID: " + (number - 1) + "\r\n", "event: override-set", () -> {});
    assertThat(again).contains(id);
  }

  @Test
  @Check("S113")
  void subscribersAreBounded() throws Exception {
    List<Socket> subscribers = new ArrayList<>();
    try {
      for (int i = 0; i < EventHub.MAX_SUBSCRIBERS; i++) {
        subscribers.add(subscribe(""));
        assertThat(lines(subscribers.getLast()).readLine()).contains("200");
      }
      Socket tooMany = subscribe("");
      subscribers.add(tooMany);
      assertThat(lines(tooMany).readLine()).contains("503");
      assertThat(get("overview").path("level").asText()).isEqualTo("ok");
    } finally {
      for (Socket subscriber : subscribers) {
        subscriber.close();
      }
    }
  }

  private void takeDown() {
    server
        .place(
            new HealthOverride(
                "a",
                HealthOverride.Action.DOWN,
                "ann",
                "new rack",
                server.now(),
                server.now().plusSeconds(3600)))
        .join();
    Awaitility.await().until(() -> server.state().eligibility() == server.board().eligibility());
  }

  private double share(String endpoint) throws IOException, InterruptedException {
    return get("endpoints?q=example.org/" + endpoint)
        .path("endpoints")
        .get(0)
        .path("share")
        .asDouble();
  }

  private JsonNode whatIf(String down) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address("what-if"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"down\":[\"" + down + "\"]}"))
            .build();
    return new ObjectMapper()
        .readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address(path)).build();
    return new ObjectMapper()
        .readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + http.address().getPort() + "/api/v1/" + path);
  }

  private Socket subscribe(String header) throws IOException {
    Socket socket = new Socket(http.address().getAddress(), http.address().getPort());
    socket.setSoTimeout(30_000);
    String request = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The lines that come until one is there, after something has been done. */
  private List<String> events(String header, String last, Runnable then) throws IOException {
    List<String> seen = new ArrayList<>();
    try (Socket socket = subscribe(header)) {
      BufferedReader lines = lines(socket);
      boolean done = false;
      String line = "";
      while (!line.equals(last)) {
        line = String.valueOf(lines.readLine());
        seen.add(line);
        if (line.equals("event: hello") && !done) {
          done = true;
          then.run();
        }
      }
    }
    return seen;
  }

  @Test
  void recordSetsOfRoute53StandWhereTheirRegionIs() throws Exception {
    Files.writeString(
        folder.resolve("example.net.route53.json"),
        """
        { "ResourceRecordSets": [
          { "Name": "example.net.", "Type": "SOA", "TTL": 900,
            "ResourceRecords": [ { "Value": "ns1.example.net. host.example.net. 1 7200 900 1209600 86400" } ] },
          { "Name": "example.net.", "Type": "NS", "TTL": 900,
            "ResourceRecords": [ { "Value": "ns1.example.org." } ] },
          { "Name": "api.example.net.", "Type": "A", "TTL": 60, "SetIdentifier": "dublin",
            "Region": "eu-west-1", "ResourceRecords": [ { "Value": "192.0.2.31" } ] } ] }
        """);
    server.reload("test").join();
    JsonNode endpoints = get("endpoints?q=dublin").path("endpoints");
    assertThat(endpoints).hasSize(1);
    assertThat(endpoints.path(0).path("region").asText()).isEqualTo("eu-west-1");
    assertThat(endpoints.path(0).path("latitude").asDouble()).isBetween(53.0, 54.0);
  }
}
