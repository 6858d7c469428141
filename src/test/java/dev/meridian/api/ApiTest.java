package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTest {
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

  @ParameterizedTest
  @CsvSource({
    "/,                      text/html; charset=utf-8",
    "/ops.css,               text/css; charset=utf-8",
    "/ops.js,                text/javascript; charset=utf-8",
    "/favicon.svg,           image/svg+xml",
    "/livez,                 text/plain; charset=utf-8",
    "/readyz,                text/plain; charset=utf-8",
    "/metrics,               text/plain; version=0.0.4; charset=utf-8",
    "/api/v1/status,         application/json",
    "/api/v1/zones,          application/json",
    "/api/v1/states,         application/json",
    "/api/v1/openapi.json,   application/json",
  })
  void everyResourceIsThere(String path, String contentType) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains(contentType);
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws Exception {
    List<String> ours = new ArrayList<>(List.of("", "ops.css"));
    OpsPage.SCRIPTS.stream().filter(path -> !path.startsWith("vendor/")).forEach(ours::add);
    for (String path : ours) {
      HttpResponse<String> response = get("/" + path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.body()).as(path).doesNotContain("http://", "https://", "innerHTML");
    }
  }

  @Test
  void theStatusSaysWhatIsServed() throws Exception {
    JsonNode status = json("/api/v1/status");
    assertThat(status.path("version").asText()).isEqualTo("1.2.3-test");
    assertThat(status.path("ready").asBoolean()).isTrue();
    assertThat(status.path("generation").asInt()).isEqualTo(1);
    assertThat(status.path("lastReload").path("ok").asBoolean()).isTrue();
    assertThat(status.path("listeners").get(0).asText()).startsWith("127.0.0.1:");
    assertThat(status.path("configuration").path("udp-payload-max").get(0).asText())
        .isEqualTo("1232");
  }

  @Test
  void zonesAndStatesAreListed() throws Exception {
    JsonNode zone = json("/api/v1/zones").path("zones").get(0);
    assertThat(zone.path("name").asText()).isEqualTo("example.org.");
    assertThat(zone.path("serial").asInt()).isEqualTo(7);
    assertThat(zone.path("routed").asInt()).isEqualTo(1);
    JsonNode check = json("/api/v1/states").path("checks").get(0);
    assertThat(check.path("id").asText()).isEqualTo(ZoneFolder.CHECK);
    assertThat(check.path("since").asText()).isNotEmpty();
  }

  @Test
  void anEndpointStandsOnceInANameThatHasItInSeveralPlaces() throws Exception {
    Files.writeString(
        folder.resolve("example.org.policy.yaml"),
        """
        endpoints:
          a: { address: 192.0.2.10 }
        records:
          www: { ttl: 30, endpoint: a }
          far: { ttl: 60, cidr: { 192.0.2.0/24: a, default: { alias: www } } }
        """);
    reload();
    JsonNode endpoints = json("/api/v1/name?name=far.example.org").path("endpoints");
    assertThat(endpoints).hasSize(1);
    assertThat(endpoints.get(0).path("share").asDouble()).isEqualTo(1);
  }

  @Test
  void anExplanationFollowsWhatIsAssumedOfHealth() throws Exception {
    String query =
        "/api/v1/explain?name=www.example.org&client=192.0.2.99&health=" + ZoneFolder.CHECK;
    assertThat(json(query + "=up").toString()).contains("www.example.org. 30 A 192.0.2.10");
    JsonNode down = json(query + "=down");
    assertThat(down.toString()).contains("www.example.org. 30 A 192.0.2.20");
    assertThat(down.path("text").asText()).contains("unhealthy");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/explain,                                     'name' is missing",
    "/api/v1/explain?name=a..b,                           empty",
    "/api/v1/explain?name=a.example&type=NOPE,            not an RR type",
    "/api/v1/explain?name=a.example&client=1.2.3,         not an IPv4 or IPv6 address",
    "/api/v1/explain?name=a.example&health=x,             ID=up or ID=down",
    "/api/v1/explain?name=a.example&health=x=down,        there is no health check",
  })
  void aWrongQuestionIsExplainedToo(String path, String detail) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new ObjectMapper().readTree(response.body()).path("detail").asText())
        .contains(detail);
  }

  @Test
  void aReloadThatFailsKeepsTheLastGoodAndSaysWhy() throws Exception {
    ZoneFolder.breakIt(folder);
    JsonNode refused = reload();
    assertThat(refused.path("ok").asBoolean()).isFalse();
    assertThat(refused.path("problems").toString()).contains("broken.example.zone");
    assertThat(json("/api/v1/zones").path("zones")).hasSize(1);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    ZoneFolder.repair(folder);
    assertThat(reload().path("ok").asBoolean()).isTrue();
  }

  @Test
  void drainingIsNotReadyButAlive() throws Exception {
    server.drain();
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void anOverrideIsInForceWhenItIsAnsweredAndSurvivesARestart() throws Exception {
    JsonNode states = override("selector=a&action=down&author=ann&reason=new%20rack");
    assertThat(states.path("checks").get(0).path("healthy").asBoolean()).isFalse();
    assertThat(states.path("checks").get(0).path("cause").asText()).isEqualTo("override");
    assertThat(states.path("overrides").get(0).path("reason").asText()).isEqualTo("new rack");

    close();
    server = ZoneFolder.serve(folder);
    http = Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server);
    JsonNode check = json("/api/v1/states").path("checks").get(0);
    assertThat(check.path("healthy").asBoolean()).isFalse();
    assertThat(check.path("why").asText()).isEqualTo("down by ann: new rack");

    JsonNode after = override("selector=a&action=auto");
    assertThat(after.path("overrides")).isEmpty();
    assertThat(after.path("checks").get(0).path("healthy").asBoolean()).isTrue();
  }

  @Test
  void aWeightStandsBesideWhatIsDecidedAboutHealthAndEndsByItself() throws Exception {
    override("selector=a&action=weight%3D10%25&author=ann&reason=first+clients");
    JsonNode both = override("selector=a&action=drain&author=ann&reason=rack");
    assertThat(both.path("overrides")).hasSize(2);

    JsonNode check = override("selector=a&action=auto").path("checks").get(0);
    assertThat(check.path("healthy").asBoolean()).isTrue();
    assertThat(check.path("weight").asText()).isEqualTo("10%");
    assertThat(check.path("weightCause").asText()).isEqualTo("override");

    JsonNode after = override("selector=a&action=weight%3Dauto");
    assertThat(after.path("overrides")).isEmpty();
    assertThat(after.path("checks").get(0).has("weight")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "selector=a&action=weight%3D101%25&author=a&reason=b, a weight of 101% is not in 0..100%",
    "selector=a&action=weight%3Dauto,                     there is no override of 'a' in weight",
    "selector=nobody&action=up&author=a&reason=b,         no health check is meant by 'nobody'",
    "selector=a&action=auto,                              there is no override of 'a'",
    "selector=a&action=sideways&author=a&reason=b,        'sideways' is none of up",
    "selector=a&action=up&author=a,                       'reason' is missing",
    "selector=a&action=up&author=a&reason=b&for=soon,     'soon' is not a time",
    "selector=a&action=up&author=a%0Ab&reason=b,          without control characters",
  })
  void anOverrideThatMakesNoSenseIsRefused(String query, String message) throws Exception {
    assertThat(override(query).path("detail").asText()).contains(message);
    assertThat(json("/api/v1/states").path("overrides")).isEmpty();
  }

  @Test
  void anOverrideThatCannotBeKeptIsRefusedAndNotInForce() throws Exception {
    Files.createDirectories(folder.resolve(".state/health.draft/in-the-way"));
    JsonNode refusal = override("selector=a&action=down&author=ann&reason=b");
    assertThat(refusal.path("status").asInt()).isEqualTo(503);
    assertThat(json("/api/v1/states").path("checks").get(0).path("healthy").asBoolean()).isTrue();
  }

  private JsonNode override(String query) throws IOException, InterruptedException {
    HttpRequest request =
        request("/api/v1/overrides?" + query)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return new ObjectMapper()
        .readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private JsonNode reload() throws IOException, InterruptedException {
    HttpRequest request =
        request("/api/v1/reload")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return new ObjectMapper()
        .readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(get(path).body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + http.address().getPort() + path));
  }
}
