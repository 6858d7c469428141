package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.config.ConfigException;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and their roles, the audit log, and the private socket. */
class AccessTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String OVERRIDE =
      "/api/v1/overrides?selector=a&action=down&reason=test&author=";

  @TempDir private Path folder;
  private Server server;
  private HttpServer http;
  private String viewer;
  private String operator;

  @BeforeEach
  void open() throws Exception {
    List<String> first = Tokens.create("viewer", "grafana", new SecureRandom());
    List<String> second = Tokens.create("operator", "ann", new SecureRandom());
    viewer = first.getFirst();
    operator = second.getFirst();
    Path tokens =
        Files.writeString(
            folder.resolve("tokens"),
            "# who may\n" + first.getLast() + "\n" + second.getLast() + "\n");
    server = ZoneFolder.serve(ZoneFolder.write(folder.resolve("zones"), 1));
    http =
        new Api(server)
            .open(
                List.of(
                    new Listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Access(Tokens.open(tokens), null, false, List.of("ops.example.com"))),
                    new Listen(UnixDomainSocketAddress.of(socket()), Access.LOCAL)));
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  private Path socket() {
    return folder.resolve("run").resolve("http.sock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ops.js", "/livez", "/readyz", "/api/v1/openapi.json"})
  void whatTellsNothingIsForEverybody(String path) throws Exception {
    assertThat(get(path, "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/api/v1/states", "/api/v1/explain?name=a", "/api/v1/events"})
  @Check("S98")
  void everythingElseNeedsAToken(String path) throws Exception {
    HttpResponse<String> refused = get(path, "");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
    assertThat(get(path, "0".repeat(64)).statusCode()).isEqualTo(401);
  }

  @Test
  @Check("S98")
  void aViewerLooksAndAsksButChangesNothing() throws Exception {
    assertThat(get("/api/v1/states", viewer).statusCode()).isEqualTo(200);
    assertThat(post("/api/v1/what-if", viewer, "{\"down\":[]}").statusCode()).isEqualTo(200);
    assertThat(post("/api/v1/reload", viewer, "").statusCode()).isEqualTo(403);
    assertThat(post(OVERRIDE + "eve", viewer, "").statusCode()).isEqualTo(403);
    assertThat(server.board().overrides()).isEmpty();
  }

  @Test
  void anOverrideIsByWhoeverTheTokenSays() throws Exception {
    assertThat(post(OVERRIDE + "eve", operator, "").statusCode()).isEqualTo(200);
    assertThat(server.board().overrides().getFirst().author()).isEqualTo("eve (ann)");
    assertThat(post(OVERRIDE, operator, "").statusCode()).isEqualTo(200);
    assertThat(server.board().overrides().getFirst().author()).isEqualTo("ann");
  }

  @Test
  @Check("S111")
  void changesAndAttemptsAreInTheAuditLogBeforeTheyAreAnswered() throws Exception {
    post(OVERRIDE + "eve", operator, "");
    post("/api/v1/reload", viewer, "");
    post("/api/v1/reload", "wrong", "");
    Path log = server.config().state().resolve("audit.log");
    assertThat(Files.readAllLines(log))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains("\"who\":\"ann\"", "\"from\":\"127.0.0.1\"", "\"status\":200")
                    .contains("\"parameter.reason\":\"test\"", "/api/v1/overrides"),
            second -> assertThat(second).contains("\"who\":\"grafana\"", "\"status\":403"),
            third -> assertThat(third).contains("\"role\":\"anybody\"", "\"status\":401"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(log)).doesNotContain(operator, viewer);
  }

  @Test
  @Check({"S116", "S96"})
  void theSocketIsForItsOwnerAndNeedsNoToken() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
        .isEqualTo("rw-------");
    assertThat(overSocket("GET /api/v1/states HTTP/1.1")).startsWith("HTTP/1.1 200");
    http.close();
    assertThat(socket()).doesNotExist();
  }

  @Test
  void aSocketThatSomebodyUsesIsLeftAlone() {
    assertThatThrownBy(
            () ->
                HttpServer.open(
                    List.of(new Listen(UnixDomainSocketAddress.of(socket()), Access.LOCAL)),
                    new Surface(java.util.Map.of(), null, null),
                    List.of(),
                    () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another process");
    assertThat(socket()).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "ops.example.com,      401",
    "OPS.example.com:8053, 401",
    "localhost,            401",
    "evil.example,         421",
    "192.0.2.1,            421",
  })
  void onlyConfiguredNamesAreOurs(String host, String status) throws IOException {
    String response =
        RawHttp.exchange(
            http.address(),
            "GET /api/v1/states HTTP/1.1",
            "Host: " + host,
            "Connection: close",
            "");
    assertThat(RawHttp.status(response)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "'operator ann',                'a role, a name and 64 hexadecimal digits'",
    "'admin ann HASH',              'neither viewer nor operator'",
    "'viewer a HASH\nviewer a HASH', 'is there twice'",
    "'# nobody',                    'there is no token in it'",
  })
  @Check({"S97", "S99"})
  void aFileOfTokensWithAMistakeIsRefused(String text, String message) throws IOException {
    String lines = text.replace("HASH", "0".repeat(64)).replace("\\n", "\n");
    Path file = Files.writeString(folder.resolve("wrong"), lines);
    assertThatThrownBy(() -> Tokens.open(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ":")
        .hasMessageContaining(message);
  }

  @Test
  void everyMistakeInAFileOfTokensIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("wrong"), "# mine\noperator ann\n\nadmin bob x\n");
    assertThatThrownBy(() -> Tokens.open(file))
        .hasMessageMatching("(?s).*wrong:2:1: a line is .*\n.*wrong:4:1: a line is .*");
  }

  private String overSocket(String line) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket()));
      String request = line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    return send(request(path, token).build());
  }

  private HttpResponse<String> post(String path, String token, String body)
      throws IOException, InterruptedException {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.address().getPort() + path));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
