package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthHistory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that neither takes nor refuses what is written; a request is answered all the same. */
class HangingDiskTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  @TempDir private Path folder;

  @Test
  void anOverrideIsNotWaitedForForEver() throws Exception {
    Reply reply =
        OverrideRequest.reply(new CompletableFuture<>(), SHORT, () -> new HealthHistory())
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8))
        .contains("the disk does not take the override");
  }

  @Test
  void theAuditLogKeepsNobodyWaiting() throws Exception {
    // a pipe that nobody reads holds whoever opens it to write
    String pipe = folder.resolve("audit.log").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    try (AuditLog log = new AuditLog(folder, InstantSource.system(), SHORT)) {
      log.add(new Principal("", Role.OPERATOR, "here"), "/change", Map.of(), 200)
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
      new ProcessBuilder("cat", pipe).start(); // lets the writer go
    }
  }
}
