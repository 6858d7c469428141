package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import dev.meridian.testkit.OpenLoop;
import dev.meridian.testkit.ServerProcess;
import dev.meridian.transport.UnixSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Section;

/**
 * Replaces a server's process by another while it is asked, and kills others that want its place.
 * {@code -Dtest.kills=50} for long runs; {@code -Dtest.seed=} for the moments of another one.
 */
class UpgradeTest {
  private static final int KILLS = Integer.getInteger("test.kills", 1);
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CHECK = "example.org/gone/192.0.2.10";

  /** The check of {@code gone} fails, that of {@code away} would too, if nobody had decided. */
  private static final String POLICY =
      """
      health-checks:
        web: { tcp: { port: 9, address: 127.0.0.1 }, interval: 1s, failure-threshold: 1 }
      endpoints:
        gone: { address: 192.0.2.10, health-check: web }
        away: { address: 192.0.2.11, health-check: web }
        sorry: { address: 192.0.2.20 }
      records:
        www: { ttl: 30, failover: [ gone, sorry ] }
        other: { ttl: 30, failover: [ away, sorry ] }
      """;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(SEED);

  @BeforeEach
  void writeFiles() throws IOException {
    assumeTrue(UnixSocket.isAvailable(), "needs Linux");
    ZoneFolder.write(folder.resolve("zones"), 1);
    Files.writeString(folder.resolve("zones/example.org.policy.yaml"), POLICY);
  }

  @Test
  void aServerIsReplacedAndNothingIsLost() throws Exception {
    try (ServerProcess old = ServerProcess.start(folder)) {
      InetSocketAddress address = old.dns();
      post(
          old,
          "/api/v1/overrides?selector=example.org/away&action=up&reason=ours&author=test&for=1h");
      await().atMost(PATIENCE).until(() -> !state(old).path("healthy").asBoolean(true));
      String since = state(old).path("since").asText();
      byte[] cookie = cookie(address, new byte[8]);
      try (OpenLoop asked = OpenLoop.start(address, "www.example.org.", "192.0.2.20");
          ServerProcess next =
              ServerProcess.start(folder, "--take-over", "--upgrade-probation", "1s")) {
        assertThat(next.dns()).isEqualTo(address);
        assertThat(old.awaitEnd()).isZero();
        next.await("Serving in the place of process " + old.process().pid());
        asked.stop();
        assertThat(asked.wrong()).isEmpty();

        assertThat(state(next).path("healthy").asBoolean()).isFalse();
        assertThat(state(next).path("since").asText()).isEqualTo(since);
        assertThat(get(next, "/api/v1/states").path("overrides").findValuesAsText("reason"))
            .containsExactly("ours");
        assertThat(first(address, "other.example.org.")).isEqualTo("192.0.2.11");
        assertThat(cookie(address, cookie)).isEqualTo(cookie);
        assertOthersAreKilledInVain(next, address);
        assertASignalEndsItInGoodOrder(next, address);
      }
    }
  }

  /** What has come before it stops is answered; what comes later is nobody's. */
  private static void assertASignalEndsItInGoodOrder(
      ServerProcess server, InetSocketAddress address) throws Exception {
    try (OpenLoop asked = OpenLoop.start(address, "www.example.org.", "192.0.2.20")) {
      asked.awaitAnswers(100);
      server.process().destroy();
      assertThat(server.awaitEnd()).isZero();
      asked.stopSoon();
      assertThat(asked.gaps()).isZero();
    }
  }

  private void assertOthersAreKilledInVain(ServerProcess server, InetSocketAddress address)
      throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      String run = "seed " + SEED + ", kill " + kill;
      try (OpenLoop asked = OpenLoop.start(address, "www.example.org.", "192.0.2.20");
          ServerProcess heir =
              ServerProcess.begin(folder, "--take-over", "--upgrade-probation", "10m")) {
        heir.await("Taking over from process " + server.process().pid());
        heir.killAfter(random.nextInt(4_000_000)).join();
        assertThat(heir.awaitEnd()).as(run).isNotZero();
        await()
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(IOException.class) // a connection that the pause has ended
            .until(() -> post(server, "/api/v1/reload").path("ok").asBoolean(false));
        asked.stop();
        assertThat(asked.wrongButAtMostOneBatch()).as(run).isEmpty();
      }
      assertThat(state(server).path("healthy").asBoolean(true)).as(run).isFalse();
      assertThat(Asking.tcp(address, Answering.query("www.example.org.", "A")).getRcode()).isZero();
    }
  }

  @Test
  void theCommandHasTheInstalledVersionTakeOver() throws Exception {
    ServerProcess.install(folder);
    Path socket = folder.resolve("api");
    try (ServerProcess old =
        ServerProcess.start(
            folder, "--http-socket", socket.toString(), "--upgrade-probation", "0s")) {
      List<String> news = new ArrayList<>();
      String end = upgrade(news::add);
      assertThat(old.awaitEnd()).isZero();
      Matcher said = Pattern.compile("process (\\d+) .* serves").matcher(end);
      assertThat(said.matches()).as(end).isTrue();
      ProcessHandle next = ProcessHandle.of(Long.parseLong(said.group(1))).orElseThrow();
      try {
        assertThat(news)
            .extracting(line -> line.replaceAll("[0-9]+", "N"))
            .containsExactly(
                "Process N is started",
                "Process N (development) loads, to take over",
                "Process N has loaded and gets the sockets",
                "Process N answers; waiting N ms for it to prove itself",
                "Process N has proved itself; this one ends");
        assertThat(first(old.dns(), "www.example.org.")).isNotEmpty();
        assertThat(get(old, "/api/v1/status").path("ready").asBoolean()).isTrue();
        try (SocketChannel api = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
          api.write(
              StandardCharsets.US_ASCII.encode("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
          ByteBuffer answer = ByteBuffer.allocate(15);
          while (answer.hasRemaining() && api.read(answer) >= 0) {
            // the status line is wanted
          }
          assertThat(new String(answer.array(), StandardCharsets.US_ASCII))
              .isEqualTo("HTTP/1.1 200 OK");
        }
      } finally {
        next.destroy();
        next.onExit().join();
      }
      assertThat(socket).doesNotExist();
      assertThat(folder.resolve("state/upgrade.socket")).doesNotExist();
    }
  }

  /** The server waits for that a moment after it answers. */
  private String upgrade(Consumer<String> news) {
    Path state = folder.resolve("state");
    await().atMost(PATIENCE).until(() -> Files.exists(HandoverLine.path(state)));
    return UpgradeCall.make(state, news);
  }

  private JsonNode state(ServerProcess server) throws Exception {
    for (JsonNode check : get(server, "/api/v1/states").path("checks")) {
      if (check.path("id").asText().equals(CHECK)) {
        return check;
      }
    }
    throw new AssertionError("no " + CHECK);
  }

  private JsonNode get(ServerProcess server, String path) throws Exception {
    return ask(HttpRequest.newBuilder(server.uri(path)));
  }

  private JsonNode post(ServerProcess server, String path) throws Exception {
    URI uri = server.uri(path);
    return ask(
        HttpRequest.newBuilder(uri)
            .header("X-Meridian-Request", "1")
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private JsonNode ask(HttpRequest.Builder request) throws Exception {
    HttpRequest asked = request.timeout(PATIENCE).build();
    return new ObjectMapper()
        .readTree(http.send(asked, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static String first(InetSocketAddress address, String name) {
    return Asking.udp(address, Answering.query(name, "A"))
        .getSection(Section.ANSWER)
        .getFirst()
        .rdataToString();
  }

  private static byte[] cookie(InetSocketAddress address, byte[] cookie) {
    byte[] option =
        Asking.udp(address, Answering.queryWithOption("www.example.org.", "A", 10, cookie))
            .getOPT()
            .getOptions(10)
            .getFirst()
            .toWire();
    return Arrays.copyOfRange(option, 4, option.length);
  }
}
