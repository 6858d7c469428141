package dev.meridian.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.meridian.state.Journal;
import dev.meridian.state.JournalEntry.Kind;
import dev.meridian.state.StateFile;
import dev.meridian.testkit.FreePort;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertSenderTest {
  private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final AlertSender.Patience SHORT =
      new AlertSender.Patience(Duration.ofMillis(500), Duration.ofMillis(2), Duration.ofMillis(20));

  /** Never waited for unless something is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final List<Long> received = new CopyOnWriteArrayList<>();
  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final HttpServer receiver;
  private volatile Behaviour behaviour = exchange -> exchange.sendResponseHeaders(204, -1);
  private volatile int requests;

  private interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  AlertSenderTest() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext("/", this::take);
    receiver.start();
  }

  private synchronized void count() {
    requests++;
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    bodies.add(body);
    signatures.add(String.valueOf(exchange.getRequestHeaders().getFirst("Meridian-Signature")));
    count();
    behaviour.answer(exchange);
    if (exchange.getResponseCode() == 204) {
      for (JsonNode entry : new ObjectMapper().readTree(body).path("entries")) {
        received.add(entry.path("sequence").asLong());
      }
    }
    exchange.close();
  }

  @AfterEach
  void close() {
    receiver.stop(0);
  }

  @Test
  @Rfc(number = 8259, sections = "7")
  void whatHappensIsSentInOrderSignedAndAsJson() throws Exception {
    try (Journal journal = journal();
        AlertSender _ = sender(journal)) {
      journal.add(Kind.HEALTH, "a\"b\\\n", "healthy", "unhealthy", "verdict", "Gründe 😀");
      awaitReceived(1);
      JsonNode json = new ObjectMapper().readTree(bodies.getFirst());
      assertThat(json.path("server").asText()).isEqualTo("test-server");
      JsonNode entry = json.path("entries").get(0);
      assertThat(entry.path("subject").asText()).isEqualTo("a\"b\\\n");
      assertThat(entry.path("reason").asText()).isEqualTo("Gründe 😀");
      assertThat(entry.path("kind").asText()).isEqualTo("health");
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
      assertThat(signatures.getFirst())
          .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(bodies.getFirst())));
    }
  }

  @Test
  void whatIsRefusedOrNotAnsweredIsSentAgainAndNothingIsLeftOut() throws Exception {
    behaviour = this::hostile;
    try (Journal journal = journal();
        AlertSender _ = sender(journal)) {
      for (int i = 0; i < 200; i++) {
        journal.add(Kind.HEALTH, "a", "healthy", "unhealthy", "verdict", "test");
      }
      awaitReceived(200);
      assertThat(requests).isGreaterThan(4);
      assertThat(received).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
    }
  }

  /**
   * Errors, then silence, then an answer that never ends, then a redirect, then as it should be.
   */
  private void hostile(HttpExchange exchange) throws IOException {
    switch (requests) {
      case 1 -> exchange.sendResponseHeaders(500, -1);
      case 2 -> awaitForever();
      case 3 -> {
        exchange.sendResponseHeaders(503, 0);
        OutputStream body = exchange.getResponseBody();
        for (int i = 0; i < 1_000_000; i++) {
          body.write(new byte[1000]);
        }
      }
      case 4 -> {
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(307, -1);
      }
      default -> exchange.sendResponseHeaders(204, -1);
    }
  }

  private static void awaitForever() {
    try {
      Thread.sleep(Duration.ofMinutes(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void afterARestartItGoesOnBehindWhatWasAcknowledged() {
    try (Journal journal = journal();
        AlertSender _ = sender(journal)) {
      journal.add(Kind.START, "1", "", "", "", "");
      awaitReceived(1);
      behaviour = exchange -> exchange.sendResponseHeaders(500, -1);
      journal.add(Kind.RELOAD, "2", "1", "2", "test", "");
      await().until(() -> requests > 1);
      journal.add(Kind.STOP, "1", "", "", "", "");
    }
    behaviour = exchange -> exchange.sendResponseHeaders(204, -1);
    try (Journal journal = journal();
        AlertSender _ = sender(journal)) {
      awaitReceived(3);
      assertThat(received).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void whatIsWrongForTheReceiverDoesNotHoldUpTheRestForEver() {
    behaviour =
        exchange ->
            exchange.sendResponseHeaders(requests <= AlertSender.TRIES_WHEN_WRONG ? 400 : 204, -1);
    try (Journal journal = journal();
        AlertSender _ = sender(journal)) {
      journal.add(Kind.START, "1", "", "", "", "");
      await().until(() -> requests == AlertSender.TRIES_WHEN_WRONG);
      journal.add(Kind.RELOAD, "2", "1", "2", "test", "");
      awaitReceived(1);
      assertThat(received).containsExactly(2L);
    }
  }

  /** More than memory holds: the journal on the disk is the queue. */
  @Test
  void aReceiverThatIsDeadHoldsUpNobodyAndGetsAllWhenItIsBack() throws Exception {
    int many = Journal.REMEMBERED + 500;
    int port = FreePort.on("127.0.0.1");
    try (Journal journal = journal();
        AlertSender sender = sender(journal, URI.create("http://127.0.0.1:" + port + "/secret"))) {
      for (int i = 1; i <= many; i++) {
        journal.add(Kind.HEALTH, "a", "healthy", "unhealthy", "verdict", "test");
        int added = i;
        if (i % 1000 == 0 || i == many) { // or some are forgotten before the disk has them
          await().atMost(PATIENCE).until(() -> journal.figures().written() == added);
        }
      }
      await().atMost(PATIENCE).until(() -> sender.figures().failures() > 1);
      assertThat(sender.figures().waiting()).isEqualTo(many);
      assertThat(sender.figures().receiver()).isEqualTo("http://127.0.0.1");

      HttpServer back =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
      back.createContext("/", this::take);
      back.start();
      try {
        awaitReceived(many);
        assertThat(received).isEqualTo(LongStream.rangeClosed(1, many).boxed().toList());
        await().atMost(PATIENCE).until(() -> sender.figures().waiting() == 0);
        assertThat(sender.figures().received()).isEqualTo(many);
        assertThat(sender.figures().givenUp()).isZero();
      } finally {
        back.stop(0);
      }
    }
  }

  @Test
  void whatHappenedBeforeTheFirstStartIsNotSent() {
    try (Journal journal = journal()) {
      journal.add(Kind.START, "1", "", "", "", "");
      try (AlertSender _ = sender(journal)) {
        journal.add(Kind.RELOAD, "2", "1", "2", "test", "");
        awaitReceived(1);
        assertThat(received).containsExactly(2L);
      }
    }
  }

  private void awaitReceived(int count) {
    await().atMost(PATIENCE).until(() -> received.size() >= count);
  }

  private Journal journal() {
    return Journal.open(folder, 1 << 20, InstantSource.system());
  }

  private AlertSender sender(Journal journal) {
    return sender(
        journal, URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"));
  }

  private AlertSender sender(Journal journal, URI url) {
    return new AlertSender(
        journal, url, Optional.of(KEY), "test-server", new StateFile(folder, "alerts"), SHORT);
  }
}
