package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The running server against its own OpenAPI document: every path, every response, nothing else.
 */
class ContractTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = ZoneFolder.CHECK;

  /** A good question for every path that needs one. */
  private static final Map<String, String> QUESTIONS =
      Map.of(
          "/api/v1/history", "?check=" + ID,
          "/api/v1/selected", "?selector=a",
          "/api/v1/name", "?name=www.example.org",
          "/api/v1/explain", "?name=www.example.org",
          "/api/v1/overrides", "?selector=a&action=down&author=ann&reason=test");

  /** And one that is wrong. */
  private static final Map<String, String> MISTAKES =
      Map.of(
          "/api/v1/history", "?check=nobody",
          "/api/v1/name", "?name=nobody.example",
          "/api/v1/states", "?limit=0",
          "/api/v1/zones", "?offset=-1",
          "/api/v1/names", "?limit=1001",
          "/api/v1/endpoints", "?limit=x",
          "/api/v1/journal", "?before=x",
          "/api/v1/explain", "?name=a..b",
          "/api/v1/rollback", "?author=ann&reason=test&generation=x",
          "/api/v1/overrides", "?selector=a");

  /**
   * A stream never ends, a heartbeat needs a token of its own, and a way back needs an earlier set:
   * other tests have them.
   */
  private static final Set<String> ELSEWHERE =
      Set.of("/api/v1/events", "/api/v1/heartbeats", "/api/v1/rollback");

  @TempDir private Path folder;
  private Server server;
  private HttpServer http;
  private JsonNode document;

  @BeforeEach
  void open() throws Exception {
    server = ZoneFolder.serve(ZoneFolder.write(folder, 7));
    http = Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server);
    document = JSON.readTree(send("GET", "/api/v1/openapi.json", "").body());
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @Test
  @Check("S112")
  void whatIsDescribedIsWhatThereIs() {
    Set<String> described = new TreeSet<>();
    document.path("paths").fieldNames().forEachRemaining(described::add);
    Set<String> served = new TreeSet<>(new Api(server).routes().keySet());
    served.removeIf(path -> path.endsWith(".js") || path.endsWith(".css"));
    served.removeAll(List.of("/", "/favicon.svg", "/health", "/ready"));
    assertThat(described).isEqualTo(served);
  }

  @Test
  void everyAnswerIsAsDescribed() throws Exception {
    send("POST", "/api/v1/overrides" + QUESTIONS.get("/api/v1/overrides"), "");
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      if (!ELSEWHERE.contains(path.getKey())) {
        String method = path.getValue().has("post") ? "POST" : "GET";
        String body = path.getKey().endsWith("what-if") ? "{\"down\":[\"example.org/a\"]}" : "";
        String question = path.getKey() + QUESTIONS.getOrDefault(path.getKey(), "");
        check(path.getKey(), method, send(method, question, body), 200);
      }
    }
  }

  @Test
  void everyRefusalIsAsDescribed() throws Exception {
    for (Map.Entry<String, String> mistake : MISTAKES.entrySet()) {
      JsonNode path = document.path("paths").path(mistake.getKey());
      String method = path.has("post") ? "POST" : "GET";
      HttpResponse<String> response = send(method, mistake.getKey() + mistake.getValue(), "");
      assertThat(response.statusCode()).as(mistake.toString()).isIn(400, 404);
      check(mistake.getKey(), method, response, response.statusCode());
    }
    check("/api/v1/what-if", "POST", send("POST", "/api/v1/what-if", "{\"down\":[\"x\"]}"), 400);
    check("/api/v1/what-if", "POST", send("POST", "/api/v1/what-if", "<html>"), 400);
  }

  private void check(String path, String method, HttpResponse<String> response, int status)
      throws IOException {
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(status);
    JsonNode content =
        document
            .path("paths")
            .path(path)
            .path(method.equals("POST") ? "post" : "get")
            .path("responses")
            .path(Integer.toString(status))
            .path("content");
    String type = response.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    assertThat(content.has(type)).as(path + " answers " + type).isTrue();
    if (type.endsWith("json")) {
      assertThat(errors(content.path(type).path("schema"), response.body())).as(path).isEmpty();
    }
  }

  /** A schema of the document, with the document's components to refer to. */
  private List<Error> errors(JsonNode schema, String body) throws IOException {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JSON.writeValueAsString(whole))
        .validate(body, InputFormat.JSON);
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.address().getPort() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
