package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testkit.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
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
        try (ServerProcess early = ServerProcess.begin(folder)) {
          early.killAfter(random.nextInt(longestStartMicros)).join();
        }
      }
      long begun = System.nanoTime();
      try (ServerProcess server = ServerProcess.start(folder)) {
        longestStartMicros =
            Math.max(longestStartMicros, (int) ((System.nanoTime() - begun) / 1000));
        JsonNode states = get(server, "/api/v1/states");
        assertThat(server.log(line -> line.contains("cannot be used") || line.contains("is lost")))
            .as(run)
            .isEmpty();
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

  private void tellUntilKilled(ServerProcess server) throws InterruptedException {
    Thread killer = server.killAfter(random.nextInt(LATEST_KILL_MILLIS * 1000));
    try {
      while (server.process().isAlive()) {
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

  private void post(ServerProcess server, int which, int serial)
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

  private JsonNode get(ServerProcess server, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(server.uri(path)).timeout(PATIENCE).build();
    return new ObjectMapper()
        .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
