package dev.meridian.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends a server's process with SIGKILL while it is being told things, again and again, and starts
 * it anew on what is left. {@code -Dtest.kills=1000} for long runs; {@code -Dtest.seed=} for the
 * moments of another one.
 */
class SuddenEndTest {
  private static final int KILLS = Integer.getInteger("test.kills", 2);
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());
  private static final int ENDPOINTS = 20;

  /** Of the way from a start to its first answer and on. */
  private static final int LATEST_KILL_MILLIS = 60;

  /**
   * Never waited for unless something is wrong: on a machine with forty at work for each core, an
   * answer that costs half a second of it takes twenty.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * What the server has said yes to: the serial number in the reason of each endpoint's override.
   */
  private final int[] acknowledged = new int[ENDPOINTS];

  private int serial;

  /** So that kills of starts fall anywhere on the way. */
  private int longestStartMicros = 100_000;

  /** What it was told last, and may or may not have kept. */
  private final int[] told = new int[ENDPOINTS];

  @Test
  void noAcknowledgedOverrideIsLostAndNoStartIsRefused() throws Exception {
    ZoneFolder.write(folder.resolve("zones"), 1);
    Files.writeString(folder.resolve("zones/example.org.policy.yaml"), policy());
    for (int kill = 0; kill <= KILLS; kill++) {
      String run = "seed " + SEED + ", kill " + kill;
      if (random.nextInt(4) == 0) {
        Running.startAndKill(folder, random.nextInt(longestStartMicros));
      }
      long begun = System.nanoTime();
      try (Running server = Running.start(folder)) {
        longestStartMicros =
            Math.max(longestStartMicros, (int) ((System.nanoTime() - begun) / 1000));
        JsonNode states = get(server, "/api/v1/states");
        assertThat(server.complaints).as(run).isEmpty();
        assertOverrides(states, run);
        if (kill < KILLS) {
          tellUntilKilled(server);
        }
      }
    }
  }

  private static String policy() {
    String endpoints =
        IntStream.range(0, ENDPOINTS)
            .mapToObj(
                i -> "  e%d: { address: 192.0.2.%d, health-check: web }%n".formatted(i, i + 1))
            .collect(Collectors.joining());
    return """
        health-checks:
          web: { tcp: { port: 9, address: 127.0.0.1 }, interval: 1h, timeout: 1s }
        endpoints:
        %srecords:
          www: { ttl: 30, multivalue: [ e0, e1 ] }
          all: { ttl: 30, multivalue: [ %s ] }
        """
        .formatted(
            endpoints,
            IntStream.range(0, ENDPOINTS).mapToObj(i -> "e" + i).collect(Collectors.joining(", ")));
  }

  private void assertOverrides(JsonNode states, String run) {
    for (int i = 0; i < ENDPOINTS; i++) {
      String selector = "example.org/e" + i;
      int kept = 0;
      String action = "";
      for (JsonNode override : states.path("overrides")) {
        if (override.path("selector").asText().equals(selector)) {
          kept = Integer.parseInt(override.path("reason").asText());
          action = override.path("action").asText();
        }
      }
      assertThat(kept).as("%s, %s", run, selector).isIn(acknowledged[i], told[i]);
      acknowledged[i] = kept;
      for (JsonNode check : states.path("checks")) {
        if (kept > 0 && check.path("id").asText().startsWith(selector + "/")) {
          assertThat(check.path("healthy").asBoolean())
              .as("%s, %s", run, selector)
              .isEqualTo(action.equals("up"));
        }
      }
    }
  }

  private void tellUntilKilled(Running server) throws InterruptedException {
    Thread killer = server.killAfter(random.nextInt(LATEST_KILL_MILLIS * 1000));
    try {
      while (server.process.isAlive()) {
        int which = random.nextInt(ENDPOINTS);
        told[which] = ++serial;
        post(server, which, told[which]);
        acknowledged[which] = told[which];
      }
    } catch (IOException e) {
      // killed while it was asked
    }
    killer.join();
  }

  private void post(Running server, int which, int serial)
      throws IOException, InterruptedException {
    String action = serial % 2 == 0 ? "up" : "down";
    URI uri =
        server.uri(
            "/api/v1/overrides?selector=example.org/e%d&action=%s&reason=%d&author=test&for=forever"
                .formatted(which, action, serial));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("X-Meridian-Request", "1")
            .POST(HttpRequest.BodyPublishers.noBody())
            .timeout(PATIENCE)
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private JsonNode get(Running server, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(server.uri(path)).timeout(PATIENCE).build();
    return new ObjectMapper()
        .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /** A server in a process of its own. */
  private static final class Running implements AutoCloseable {
    final Process process;
    final StringBuilder complaints = new StringBuilder();
    private String address = "";

    private Running(Process process) {
      this.process = process;
    }

    static Running start(Path folder) throws IOException {
      Running running = new Running(process(folder));
      running.awaitOpsPage();
      return running;
    }

    private static Process process(Path folder) throws IOException {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-DMERIDIAN_LOG_LEVEL=INFO", // the log of tests is silent, and says the port
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-Xshare:auto",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "dev.meridian.cli.Main",
              "serve",
              "--zones",
              folder.resolve("zones").toString(),
              "--state",
              folder.resolve("state").toString(),
              "--listen",
              "127.0.0.1:0",
              "--http",
              "127.0.0.1:0",
              "--loops",
              "1")
          .redirectErrorStream(true)
          .start();
    }

    /** A start that gets as far as it can. */
    static void startAndKill(Path folder, int micros) throws IOException, InterruptedException {
      try (Running early = new Running(process(folder))) {
        Thread killer = early.killAfter(micros);
        early.process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        killer.join();
      }
    }

    private void awaitOpsPage() throws IOException {
      StringBuilder all = new StringBuilder();
      BufferedReader log = process.inputReader(UTF_8);
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        all.append(line).append('\n');
        if (line.contains("cannot be used") || line.contains("the rest is lost")) {
          complaints.append(line).append('\n');
        }
        int url = line.indexOf("http://127.0.0.1:");
        if (url >= 0) {
          address = line.substring(url).strip();
          Thread.ofVirtual().start(() -> drain(log)); // or a full pipe stops it
          return;
        }
      }
      throw new AssertionError("the server did not start:\n" + all);
    }

    private static void drain(BufferedReader log) {
      try {
        log.transferTo(Writer.nullWriter());
      } catch (IOException e) {
        // the process has ended
      }
    }

    URI uri(String path) {
      return URI.create(address.substring(0, address.length() - 1) + path);
    }

    Thread killAfter(int micros) {
      return Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  TimeUnit.MICROSECONDS.sleep(micros);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                process.destroyForcibly();
              });
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
