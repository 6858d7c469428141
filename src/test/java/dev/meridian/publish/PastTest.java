package dev.meridian.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.health.HealthOverride;
import dev.meridian.state.JournalEntry;
import dev.meridian.state.JournalEntry.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path folder;
  private final List<JournalEntry> entries = new ArrayList<>();

  @Test
  void theLastLoadBeforeTheMomentWasServed() {
    add(1, Kind.RELOAD, "7", "6", "7");
    add(5, Kind.RELOAD_REFUSED, "7", "7", "7");
    add(9, Kind.RELOAD, "8", "7", "8");
    add(12, Kind.ROLLBACK, "7", "8", "9");

    assertThat(at(1).generation()).isEqualTo(7);
    assertThat(at(8).generation()).isEqualTo(7);
    assertThat(at(9).generation()).isEqualTo(8);
    assertThat(at(60).generation()).as("of the kept set").isEqualTo(7);
  }

  @Test
  void healthIsWhatWasSaidLastOrWhatChangedNext() {
    add(1, Kind.RELOAD, "1", "0", "1");
    add(2, Kind.HEALTH, "a", "healthy", "unhealthy");
    add(4, Kind.HEALTH, "a", "unhealthy", "healthy");
    add(4, Kind.HEALTH, "b", "unhealthy", "held");
    add(5, Kind.HEALTH, "a", "healthy", "unhealthy");

    assertThat(healthy(1)).isEqualTo(Map.of("a", true, "b", false));
    assertThat(healthy(3)).isEqualTo(Map.of("a", false, "b", false));
    assertThat(healthy(4)).as("held is answered").isEqualTo(Map.of("a", true, "b", true));
    assertThat(healthy(9)).isEqualTo(Map.of("a", false, "b", true));
    assertThat(at(3).health())
        .extractingByKey("a")
        .extracting(Past.Known::reason)
        .asString()
        .contains("since 2026-11-22T12:02:00Z", "reason 2");
  }

  @Test
  void whatIsNotCoveredIsSaid() {
    assertThatThrownBy(() -> at(1)).hasMessageContaining("not covered: the journal is empty");
    add(5, Kind.HEALTH, "a", "healthy", "unhealthy");
    assertThatThrownBy(() -> at(4)).hasMessageContaining("begins at 2026-11-22T12:05:00Z");
    assertThatThrownBy(() -> at(5)).hasMessageContaining("no load before that moment");
    add(6, Kind.RELOAD, "3", "2", "3");
    add(8, Kind.STOP, "1.0", "", "");
    assertThatThrownBy(() -> at(9)).hasMessageContaining("had stopped at 2026-11-22T12:08:00Z");
    KeptSet other = new KeptSet(9, NOON, "test", List.of(4L), "x", "", "");
    assertThatThrownBy(() -> at(7).among(List.of(other)))
        .hasMessageContaining("generation 3 was served then, and kept are only [9]");
    KeptSet same = new KeptSet(9, NOON, "test", List.of(4L, 3L), "x", "", "");
    assertThat(at(7).among(List.of(same))).isSameAs(same);
  }

  @Test
  void aServerTellsWhatItServedAndInWhichHealth() throws Exception {
    try (Server server =
        ZoneFolder.serve(ZoneFolder.write(folder, 7), Map.of(ConfigKey.WATCH, "off"))) {
      server.place(override(HealthOverride.Action.UP)).join();
      awaitKept(server, 1);
      Instant up = later();
      server.place(override(HealthOverride.Action.DOWN)).join();
      Awaitility.await()
          .until(
              () ->
                  server.journal().recent(0, 100).stream()
                      .anyMatch(entry -> entry.to().equals("unhealthy")));
      Instant down = later();
      ZoneFolder.write(folder, 8);
      assertThat(server.reload("test").join().ok()).isTrue();
      awaitKept(server, 2);

      assertThat(serial(server.past(up))).isEqualTo(7);
      assertThat(isUp(server.past(up))).isTrue();
      assertThat(isUp(server.past(down))).isFalse();
      assertThat(serial(server.past(down))).isEqualTo(7);
      assertThat(serial(server.past(later()))).isEqualTo(8);
      assertThatThrownBy(() -> server.past(Instant.now().plus(Duration.ofHours(1))))
          .hasMessageContaining("not past");
    }
  }

  private static void awaitKept(Server server, long generation) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                !server.keptSets().isEmpty()
                    && server.keptSets().getFirst().generation() == generation);
  }

  /** A moment between what was and what will be. */
  private static Instant later() throws InterruptedException {
    Thread.sleep(2);
    Instant moment = Instant.now();
    Thread.sleep(2);
    return moment;
  }

  private static HealthOverride override(HealthOverride.Action action) {
    return new HealthOverride(ZoneFolder.CHECK, action, "ann", "test", Instant.now(), null);
  }

  private static long serial(PastServing past) {
    return past.state().zones().get(0).serial();
  }

  private static boolean isUp(PastServing past) {
    return past.state()
        .eligibility()
        .isEligible(past.numbers().apply(ZoneFolder.CHECK).orElseThrow());
  }

  private void add(int minute, Kind kind, String subject, String from, String to) {
    Instant at = NOON.plus(Duration.ofMinutes(minute));
    entries.add(
        new JournalEntry(
            entries.size() + 1, at, kind, subject, from, to, "cause", "reason " + minute));
  }

  private Past at(int minute) {
    return Past.read(entries, NOON.plus(Duration.ofMinutes(minute)));
  }

  private Map<String, Boolean> healthy(int minute) {
    Map<String, Boolean> healthy = new java.util.TreeMap<>();
    at(minute).health().forEach((id, known) -> healthy.put(id, known.healthy()));
    return healthy;
  }
}
