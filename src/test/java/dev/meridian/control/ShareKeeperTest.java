package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.config.ConfigKey;
import dev.meridian.health.HealthOverride;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code www} should answer and has answered: it fails over from {@code a} to {@code b}. */
class ShareKeeperTest {
  @TempDir private Path folder;

  @Test
  void expectationFollowsHealthAndObservationFollowsAnswers() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      assertThat(expected(server)).containsEntry("a", 1.0).containsEntry("b", 0.0);
      ask(server, 3);
      server
          .place(
              new HealthOverride(
                  "a",
                  HealthOverride.Action.DOWN,
                  "ann",
                  "test",
                  server.now(),
                  server.now().plus(Duration.ofHours(1))))
          .join();
      server.turn().join();
      ask(server, 2);
      server.refreshShares().join();
      assertThat(expected(server)).containsEntry("a", 0.0).containsEntry("b", 1.0);
      assertThat(recent(server)).containsEntry("a", 3L).containsEntry("b", 2L);
    }
  }

  @Test
  void whatWasCountedGoesOnOverALoadAndTheWindowBeginsAnew() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      assertThat(expected(server)).hasSize(2);
      ask(server, 3);
      server.reload("test").join();
      server.refreshShares().join();
      assertThat(recent(server)).containsEntry("a", 0L);
      assertThat(server.shares().rows().getFirst().total()).isEqualTo(3);
    }
  }

  @Test
  void nothingIsCountedIfItIsTurnedOff() throws Exception {
    try (Server server =
        ZoneFolder.serve(ZoneFolder.write(folder, 1), Map.of(ConfigKey.SHARE_SERIES, "off"))) {
      ask(server, 1);
      assertThat(server.shares()).isEqualTo(ShareTable.EMPTY);
    }
  }

  private static void ask(Server server, int times) {
    for (int i = 0; i < times; i++) {
      Asking.udp(server.addresses().getFirst(), Answering.query("www.example.org.", "A"));
    }
  }

  private static Map<String, Double> expected(Server server) {
    return server.shares().rows().stream()
        .collect(Collectors.toMap(ShareTable.Row::endpoint, ShareTable.Row::expected));
  }

  private static Map<String, Long> recent(Server server) {
    return server.shares().rows().stream()
        .collect(Collectors.toMap(ShareTable.Row::endpoint, ShareTable.Row::recent));
  }
}
