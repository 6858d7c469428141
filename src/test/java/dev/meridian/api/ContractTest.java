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
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
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
  private static final String OPERATOR = "operator";
  private static final String VIEWER = "viewer";

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
      Map.ofEntries(
          Map.entry("/api/v1/history", "?check=nobody"),
          Map.entry("/api/v1/name", "?name=nobody.example"),
          Map.entry("/api/v1/states", "?limit=0"),
          Map.entry("/api/v1/zones", "?offset=-1"),
          Map.entry("/api/v1/names", "?limit=1001"),
          Map.entry("/api/v1/endpoints", "?limit=x"),
          Map.entry("/api/v1/journal", "?before=x"),
          Map.entry("/api/v1/explain", "?name=a..b"),
          Map.entry("/api/v1/rollback", "?author=ann&reason=test&generation=x"),
          Map.entry("/api/v1/reload", "?force=true"),
          Map.entry("/api/v1/overrides", "?selector=a"));

  /** Where a parameter has to be there. */
  private static final List<String> LACKING =
      List.of("/api/v1/history", "/api/v1/name", "/api/v1/selected");

  /**
   * A stream never ends, a heartbeat needs a token of its own, and a way back needs an earlier set:
   * other tests have what these answer when all goes well.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "GET /api/v1/events 200",
          "GET /api/v1/events 503",
          "POST /api/v1/heartbeats 200",
          "POST /api/v1/rollback 200",
          "POST /api/v1/overrides 503",
          "GET /readyz 503");

  @TempDir private Path folder;
  private Server server;
  private Api api;
  private HttpServer http;
  private JsonNode document;

  /** What was answered so far, as described: method, path and status. */
  private final Set<String> answered = new TreeSet<>();

  @BeforeEach
  void open() throws Exception {
    server = ZoneFolder.serve(ZoneFolder.write(folder, 7));
    Path tokens = folder.resolve("tokens");
    Files.writeString(tokens, line("operator") + line("viewer"));
    Access withTokens = new Access(Tokens.open(tokens), null, false, List.of());
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    api = new Api(server);
    http = api.open(List.of(new Listen(any, withTokens)));
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
  @Rfc(
      number = 9110,
      sections = {"8.8.3", "13.1.2", "15.4.5"})
  void everyAnswerIsAsDescribedAndAllThatIsDescribedIsAnswered() throws Exception {
    answers();
    refusals();
    strangers();
    whenTheDeskIsFull();
    Set<String> described = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        String line = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " ";
        method
            .getValue()
            .path("responses")
            .fieldNames()
            .forEachRemaining(status -> described.add(line + status));
      }
    }
    described.removeAll(ELSEWHERE);
    assertThat(answered).containsExactlyInAnyOrderElementsOf(described);
  }

  private void answers() throws Exception {
    send("POST", "/api/v1/overrides" + QUESTIONS.get("/api/v1/overrides"), "");
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      String method = path.getValue().has("post") ? "POST" : "GET";
      if (ELSEWHERE.contains(method + " " + path.getKey() + " 200")) {
        continue;
      }
      String body = path.getKey().endsWith("what-if") ? "{\"down\":[\"example.org/a\"]}" : "";
      String question = path.getKey() + QUESTIONS.getOrDefault(path.getKey(), "");
      HttpResponse<String> response = send(method, question, body);
      check(path.getKey(), method, response, 200);
      Optional<String> tag = response.headers().firstValue("etag");
      assertThat(tag.isPresent())
          .as(path.getKey())
          .isEqualTo(responses(path.getKey(), method).has("304") || isFile(path.getKey(), method));
      if (tag.isPresent() && responses(path.getKey(), method).has("304")) {
        unchanged(path.getKey(), question);
      }
    }
  }

  private static boolean isFile(String path, String method) {
    return path.endsWith("openapi.json") || method.equals("POST");
  }

  /** Asks twice with the tag of the first answer; one that changes in between is asked again. */
  private void unchanged(String path, String question) {
    Awaitility.await(path)
        .until(
            () -> {
              String tag = send("GET", question, "").headers().firstValue("etag").orElseThrow();
              HttpResponse<String> again =
                  send("GET", question, "", OPERATOR, "If-None-Match", tag);
              return again.statusCode() == 304
                  && again.body().isEmpty()
                  && again.headers().firstValue("etag").equals(Optional.of(tag))
                  && again.headers().firstValue("content-type").isEmpty()
                  && answered.add("GET " + path + " 304");
            });
  }

  private void refusals() throws Exception {
    for (Map.Entry<String, String> mistake : MISTAKES.entrySet()) {
      JsonNode path = document.path("paths").path(mistake.getKey());
      String method = path.has("post") ? "POST" : "GET";
      HttpResponse<String> response = send(method, mistake.getKey() + mistake.getValue(), "");
      assertThat(response.statusCode()).as(mistake.toString()).isIn(400, 404);
      check(mistake.getKey(), method, response, response.statusCode());
    }
    for (String path : LACKING) {
      check(path, "GET", send("GET", path, ""), 400);
    }
    check("/api/v1/what-if", "POST", send("POST", "/api/v1/what-if", "{\"down\":[\"x\"]}"), 400);
    check("/api/v1/what-if", "POST", send("POST", "/api/v1/what-if", "<html>"), 400);
  }

  /** Without a token, with one of a viewer, and from a page of somebody else. */
  private void strangers() throws Exception {
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      String method = path.getValue().has("post") ? "POST" : "GET";
      Role role = Objects.requireNonNull(api.routes().get(path.getKey())).role();
      if (role != Role.ANYBODY) {
        check(path.getKey(), method, send(method, path.getKey(), "", ""), 401);
      }
      if (role == Role.OPERATOR) {
        check(path.getKey(), method, send(method, path.getKey(), "", VIEWER), 403);
      }
      if (method.equals("POST")) {
        HttpResponse<String> form =
            send(method, path.getKey(), "x", "", "Content-Type", "text/plain");
        check(path.getKey(), method, form, 415);
        HttpResponse<String> elsewhere =
            send(method, path.getKey(), "", OPERATOR, "Origin", "https://elsewhere.example");
        check(path.getKey(), method, elsewhere, 403);
      }
    }
  }

  /** What any path answers to a request that is none of its own is described in words. */
  @Test
  void whatIsWrongAnywhereIsAProblem() throws Exception {
    assertThat(document.path("info").path("description").asText()).contains("404", "405", "421");
    HttpResponse<String> method = send("DELETE", "/api/v1/states", "");
    HttpResponse<String> path = send("GET", "/api/v1/nothing", "");
    assertThat(List.of(method.statusCode(), path.statusCode())).containsExactly(405, 404);
    JsonNode problem = JSON.createObjectNode().put("$ref", "#/components/schemas/Problem");
    assertThat(errors(problem, method.body())).isEmpty();
    assertThat(errors(problem, path.body())).isEmpty();
  }

  private void whenTheDeskIsFull() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    try {
      CompletionStage<Reply> first = api.desk.run(() -> wait(busy, free));
      busy.await();
      CompletionStage<Reply> last = first;
      while (!last.toCompletableFuture().isDone()) {
        last = api.desk.run(() -> wait(busy, free)); // until there is room for no more
      }
      for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
        String method = path.getValue().has("post") ? "POST" : "GET";
        if (responses(path.getKey(), method).has("503")
            && !ELSEWHERE.contains(method + " " + path.getKey() + " 503")) {
          String question = path.getKey() + QUESTIONS.getOrDefault(path.getKey(), "");
          HttpResponse<String> response = send(method, question, "{\"down\":[]}");
          check(path.getKey(), method, response, 503);
          assertThat(response.headers().firstValue("retry-after")).contains("1");
        }
      }
    } finally {
      free.countDown();
    }
  }

  private static Reply wait(CountDownLatch busy, CountDownLatch free) {
    try {
      busy.countDown();
      free.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Reply.text(200, "waited");
  }

  private JsonNode responses(String path, String method) {
    return document
        .path("paths")
        .path(path)
        .path(method.toLowerCase(Locale.ROOT))
        .path("responses");
  }

  private void check(String path, String method, HttpResponse<String> response, int status)
      throws IOException {
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(status);
    JsonNode content = responses(path, method).path(Integer.toString(status)).path("content");
    String type = response.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    assertThat(content.has(type)).as(path + " answers " + status + " " + type).isTrue();
    if (type.endsWith("json")) {
      assertThat(errors(content.path(type).path("schema"), response.body())).as(path).isEmpty();
    }
    answered.add(method + " " + path + " " + status);
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
    return send(method, path, body, OPERATOR);
  }

  /** Headers are given by name and value; a content type is added if there is none. */
  private HttpResponse<String> send(
      String method, String path, String body, String token, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.address().getPort() + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (!List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String line(String token) {
    String hash = HexFormat.of().formatHex(Tokens.sha256(token.getBytes(StandardCharsets.UTF_8)));
    return token + " " + token + " " + hash + "\n";
  }
}
