package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Heard;
import dev.meridian.testkit.Rfc;
import dev.meridian.text.RefusedException;
import dev.meridian.transport.ListenException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        HttpServer.open(
            ANY_PORT,
            Map.of(
                "/thing",
                Route.get(request -> Reply.text(200, request.parameter("q").orElse("none"))),
                "/change",
                Route.post(request -> CompletableFuture.completedFuture(Reply.text(200, "done"))),
                "/refused",
                Route.get(
                    _ -> {
                      throw new RefusedException("no such thing");
                    }),
                "/refused-later",
                Route.later(
                    _ -> CompletableFuture.failedFuture(new RefusedException("no such thing"))),
                "/broken",
                Route.get(
                    _ -> {
                      throw new IllegalArgumentException("secret");
                    }),
                "/broken-later",
                Route.later(
                    _ ->
                        CompletableFuture.supplyAsync(
                            () -> {
                              throw new IllegalArgumentException("secret");
                            }))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:80", "127.0.0.1:8053", "127.9.9.9", "[::1]", "[::1]:1"})
  @Check("S102")
  void loopbackHostsAreServed(String host) throws IOException {
    assertThat(RawHttp.statusFor(server.address(), host)).isEqualTo("200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "192.0.2.1",
        "[2001:db8::1]",
        "127.0.0.1.evil.example",
        "",
        "::1",
        "127.0.0.1@evil.example"
      })
  void otherHostsAreTurnedAway(String host) throws IOException {
    assertThat(RawHttp.statusFor(server.address(), host)).isEqualTo("421");
  }

  @Test
  void twoHostHeadersOrNoneAreTurnedAway() throws IOException {
    assertThat(get("/thing", "Host: localhost", "Host: localhost")).startsWith("HTTP/1.1 4");
    assertThat(get("/thing")).startsWith("HTTP/1.1 4");
  }

  @Test
  @Check("S103")
  void everyReplyCarriesTheSecurityHeaders() throws IOException {
    assertThat(get("/thing?q=a%20b", "Host: localhost"))
        .startsWith("HTTP/1.1 200 OK")
        .contains("content-security-policy: default-src 'self'")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .contains("cache-control: no-store")
        .doesNotContain("access-control-")
        .endsWith("\r\n\r\na b\n");
  }

  @Test
  @Check("S101")
  void changesNeedJsonOrTheMarkAndTheSameOrigin() throws IOException {
    assertThat(post("Content-Type: application/json; charset=utf-8")).isEqualTo("200");
    assertThat(post("X-Meridian-Request: 1")).isEqualTo("200");
    assertThat(post("X-Meridian-Request: 1", "Origin: http://localhost")).isEqualTo("200");
    assertThat(post("X-Other: 1")).isEqualTo("415");
    assertThat(post("Content-Type: text/plain")).isEqualTo("415");
    assertThat(post("X-Meridian-Request: 1", "Origin: http://evil.example")).isEqualTo("403");
    assertThat(post("X-Meridian-Request: 1", "Origin: null")).isEqualTo("403");
  }

  @Test
  @Rfc(number = 9110, sections = "15.5.6")
  void aMethodThatAResourceDoesNotHaveIsRefusedWithTheAllowedOnes() throws IOException {
    assertThat(exchange("DELETE", "/thing", "Host: localhost")).contains("allow: GET, HEAD");
    assertThat(get("/change", "Host: localhost"))
        .startsWith("HTTP/1.1 405")
        .contains("allow: POST");
  }

  @Test
  void errorsAreProblemDetailsWithoutInternals() throws IOException {
    assertThat(get("/absent", "Host: localhost"))
        .startsWith("HTTP/1.1 404")
        .contains("content-type: application/problem+json")
        .contains("\"status\":404");
    assertThat(get("/thing?q=%zz", "Host: localhost")).startsWith("HTTP/1.1 400");
    assertThat(get("/thi%zz", "Host: localhost")).startsWith("HTTP/1.1 400");
    assertThat(exchange("POST", "/change?q=%zz", "Host: localhost", "X-Meridian-Request: 1"))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/refused", "/refused-later"})
  void whoAsksForWhatCannotBeIsToldWhy(String path) throws IOException {
    try (Heard log = new Heard(ApiHandler.class)) {
      assertThat(get(path, "Host: localhost"))
          .startsWith("HTTP/1.1 400")
          .contains("\"detail\":\"no such thing\"");
      assertThat(log.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/broken", "/broken-later"})
  void aFaultOfOursIsNotToldAsAMistakeOfTheClient(String path) throws IOException {
    try (Heard log = new Heard(ApiHandler.class)) {
      assertThat(get(path, "Host: localhost")).startsWith("HTTP/1.1 500").doesNotContain("secret");
      assertThat(log.messages())
          .containsExactly("A request to the API failed; this is a fault in Meridian");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/thing/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/thing%00.js",
        "/.%5c..%5cetc",
      })
  @Check("S105")
  void aPathIsTheNameOfAResourceAndNothingElse(String path) throws IOException {
    assertThat(get(path, "Host: localhost")).containsPattern("^HTTP/1.1 40[04]");
  }

  /** RFC 9113 §3.4: how a client of HTTP/2 begins. */
  @Test
  @Check("S108")
  void thereIsNoHttp2() throws IOException {
    assertThat(RawHttp.exchange(server.address(), "PRI * HTTP/2.0", "", "SM", "", ""))
        .doesNotContain("200 OK");
    assertThat(
            get("/thing", "Host: localhost", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"))
        .doesNotContain("101 Switching");
  }

  @Test
  @Check("S106")
  void sizesAreBounded() throws IOException {
    assertThat(get("/" + "x".repeat(4096), "Host: localhost")).startsWith("HTTP/1.1 414");
    assertThat(get("/thing", "Host: localhost", "X: " + "y".repeat(8192)))
        .startsWith("HTTP/1.1 431");
    assertThat(post("X-Meridian-Request: 1", "Content-Length: 65537")).isEqualTo("413");
  }

  @Test
  @Rfc(number = 9112, sections = "11.2")
  @Check("S109")
  void aBodyHasOneLength() throws IOException {
    String response =
        exchange(
            "POST", "/change", "Host: localhost", "Transfer-Encoding: chunked", "", "0", "", "");
    assertThat(response).startsWith("HTTP/1.1 411");
  }

  @Test
  @Rfc(number = 9112, sections = "9.3.2")
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    String response =
        RawHttp.exchange(
            server.address(),
            "GET /thing?q=first HTTP/1.1",
            "Host: localhost",
            "",
            "GET /thing?q=second HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "");
    assertThat(response).containsSubsequence("first", "second");
  }

  @Test
  @Check("S106")
  void connectionsAreBoundedAndTheOneThatHasWaitedLongestMakesRoom() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < HttpServer.MAX_CONNECTIONS; i++) {
        sockets.add(connected());
      }
      sockets.add(connected());
      assertThat(untilTheEnd(sockets.get(0))).endsWith("none\n");
      sockets.get(1).getOutputStream().write("no HTTP\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(untilTheEnd(sockets.get(1))).contains("HTTP/1.1 400 Bad Request");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** What comes until the server closes it. */
  private static String untilTheEnd(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** A connection that is known to be accepted, for it has had an answer. */
  private Socket connected() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    socket.setSoTimeout(5000);
    byte[] request =
        "GET /thing HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    assertThat(in.read()).isEqualTo('H');
    return socket;
  }

  @Test
  void onlyLoopbackIsOpened() {
    assertThatThrownBy(() -> HttpServer.open(new InetSocketAddress(0), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("needs TLS and tokens");
  }

  @Test
  void anAddressInUseIsToldInOneSentence() {
    assertThatThrownBy(() -> HttpServer.open(server.address(), Map.of()))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("(HTTP): it is in use");
  }

  private String get(String path, String... headers) throws IOException {
    return exchange("GET", path, headers);
  }

  private String post(String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addFirst("Host: localhost");
    return RawHttp.status(exchange("POST", "/change", all.toArray(String[]::new)));
  }

  private String exchange(String method, String path, String... headers) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + path + " HTTP/1.1");
    lines.add("Connection: close");
    lines.addAll(List.of(headers));
    lines.add("");
    return RawHttp.exchange(server.address(), lines.toArray(String[]::new));
  }
}
