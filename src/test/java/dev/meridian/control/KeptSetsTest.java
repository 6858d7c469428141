package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.config.ConfigKey;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.KeptSets;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.ReloadResult;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptSetsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Path zones;
  private Path state;

  @BeforeEach
  void paths() {
    zones = folder.resolve("zones");
    state = folder.resolve("state");
  }

  @Test
  void whatWasGoodIsServedWhenTheFilesAreGone() throws Exception {
    serveOnce(1);
    deleteZones();
    try (Server server = serve("off")) {
      assertThat(serial(server)).isEqualTo(1);
      assertThat(server.status().ready()).isTrue();
      assertThat(server.status().kept()).extracting(KeptSet::generation).isEqualTo(1L);
      assertThat(server.status().failures()).isEqualTo(1);
      assertThat(kinds(server)).endsWith("reload-refused", "rollback", "start");

      ZoneFolder.write(zones, 2);
      assertThat(server.reload("test").join().generation()).isEqualTo(3);
      assertThat(serial(server)).isEqualTo(2);
      assertThat(server.status().kept()).isNull();
    }
  }

  @Test
  void whatWasGoodIsServedWhenTheFilesAreBroken() throws Exception {
    serveOnce(1);
    ZoneFolder.breakIt(zones);
    try (Server server = serve("on")) {
      assertThat(serial(server)).isEqualTo(1);
      ZoneFolder.repair(zones);
      awaitFiles(server);
    }
  }

  @Test
  void whatWasGoodIsServedWithoutItsGeoDatabase() throws Exception {
    Path geo = Files.copy(Path.of("geoip/default.geo"), folder.resolve("own.geo"));
    ZoneFolder.write(zones, 1);
    Map<ConfigKey, String> settings = Map.of(ConfigKey.GEOIP, geo.toString());
    try (Server server = serve(settings)) {
      awaitKept(server, 1L);
    }
    Files.delete(geo);
    try (Server server = serve(settings)) {
      assertThat(server.status().kept()).isNotNull();
      assertThat(server.status().space().geo().locationCount()).isGreaterThan(100);
    }
  }

  @Test
  void brokenFilesAreRefusedWhenNothingIsKept() throws Exception {
    ZoneFolder.breakIt(ZoneFolder.write(zones, 1));
    assertThatThrownBy(() -> serve("off")).isInstanceOf(LoadFailedException.class);
  }

  @Test
  void setsOfAnotherZonesFolderAreNotServed() throws Exception {
    serveOnce(1);
    zones = folder.resolve("elsewhere");
    assertThatThrownBy(() -> serve("off")).isInstanceOf(LoadFailedException.class);

    ZoneFolder.write(zones, 5);
    try (Server server = serve("off")) {
      awaitKept(server, 2L);
    }
    zones = folder.resolve("zones");
    deleteZones();
    try (Server server = serve("off")) {
      assertThat(serial(server)).isEqualTo(1);
    }
  }

  @Test
  void theLastTenDifferentSetsAreKept() throws Exception {
    ZoneFolder.write(zones, 1);
    try (Server server = serve("off")) {
      awaitKept(server, 1L);
      for (int serial = 2; serial <= 12; serial++) {
        ZoneFolder.write(zones, serial);
        long generation = server.reload("test").join().generation();
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> server.keptSets().getFirst().generation() == generation);
      }
      awaitKept(server, 12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L);
      ZoneFolder.write(zones, 11);
      server.force("test").join();
      awaitKept(server, 13L, 12L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L);
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(state.resolve("kept"))) {
      assertThat(files).hasSize(2 * KeptSets.KEPT);
    }
  }

  @Test
  void aRestartWithTheSameFilesKeepsNothingTwice() throws Exception {
    serveOnce(1);
    try (Server server = serve("off")) {
      awaitKept(server, 2L);
    }
  }

  @Test
  void goingBackLastsUntilTheFilesChange() throws Exception {
    ZoneFolder.write(zones, 1);
    try (Server server = serve("on")) {
      awaitKept(server, 1L);
      ZoneFolder.write(zones, 2);
      awaitKept(server, 2L, 1L);

      ReloadResult result = server.rollback(OptionalLong.empty(), "it hurts").join();

      assertThat(result.ok()).isTrue();
      assertThat(serial(server)).isEqualTo(1);
      assertThat(kinds(server)).endsWith("rollback");
    }
    try (Server server = serve("on")) {
      assertThat(serial(server)).as("after a restart").isEqualTo(1);
      ZoneFolder.write(zones, 3);
      awaitFiles(server);
      assertThat(serial(server)).isEqualTo(3);
      awaitKept(server, server.state().generation(), 2L, 1L);
    }
    try (Server server = serve("off")) {
      assertThat(serial(server)).as("after another restart").isEqualTo(3);
    }
  }

  @Test
  void goingBackNeedsNoFiles() throws Exception {
    serveOnce(1);
    serveOnce(2);
    try (Server server = serve("off")) {
      deleteZones();
      assertThat(server.rollback(OptionalLong.of(1), "test").join().ok()).isTrue();
      assertThat(serial(server)).isEqualTo(1);
    }
    try (Server server = serve("off")) {
      assertThat(serial(server)).isEqualTo(1);
    }
  }

  @Test
  void goingBackTwiceGoesBackFurther() throws Exception {
    for (int serial = 1; serial <= 3; serial++) {
      serveOnce(serial);
    }
    try (Server server = serve("off")) {
      server.rollback(OptionalLong.empty(), "test").join();
      server.rollback(OptionalLong.empty(), "test").join();
      assertThat(serial(server)).isEqualTo(1);
      assertThatThrownBy(() -> server.rollback(OptionalLong.empty(), "test"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("nothing before what is served is kept");
      assertThatThrownBy(() -> server.rollback(OptionalLong.of(99), "test"))
          .hasMessageContaining("generation 99 is not kept");
    }
  }

  @Test
  void aDamagedSetIsPassedOver() throws Exception {
    serveOnce(1);
    serveOnce(2);
    Path newest;
    try (Server server = serve("off")) {
      newest = archive(server.keptSets().getFirst());
    }
    byte[] octets = Files.readAllBytes(newest);
    octets[80] ^= 1; // in the first file
    Files.write(newest, octets);
    deleteZones();
    try (Server server = serve("off")) {
      assertThat(serial(server)).isEqualTo(1);
      assertThat(server.status().failures()).isEqualTo(1);
    }
  }

  /** One of this zone folder that is cut off, one of another that says too little, no text. */
  @ParameterizedTest
  @ValueSource(strings = {"generation=x\nzones=.\n", "zones=elsewhere\n", "\u00ff"})
  void aDamagedSetGoesAndTheNextIsKept(String text) throws Exception {
    serveOnce(1);
    Path damaged = state.resolve("kept/1.properties");
    Files.write(damaged, text.getBytes(StandardCharsets.ISO_8859_1));
    serveOnce(2);
    assertThat(damaged).doesNotExist();
    try (Server server = serve("off")) {
      assertThat(server.keptSets()).hasSize(1);
      assertThat(server.keptFailures()).isZero();
    }
  }

  @Test
  void aDiskThatTakesNothingDoesNotStopServing() throws Exception {
    ZoneFolder.write(zones, 1);
    Files.createDirectories(state);
    Files.writeString(state.resolve("kept"), "a file where a folder should be");
    try (Server server = serve("off")) {
      Awaitility.await().atMost(PATIENCE).until(() -> server.keptFailures() > 0);
      ZoneFolder.write(zones, 2);
      assertThat(server.reload("test").join().ok()).isTrue();
      assertThat(server.reload("again").join().ok()).isTrue();
      assertThat(serial(server)).isEqualTo(2);
      assertThat(server.rollback(OptionalLong.empty(), "from memory").join().ok()).isTrue();
      assertThat(serial(server)).isEqualTo(1);
    }
  }

  private Path archive(KeptSet set) {
    return state.resolve("kept").resolve(set.digest().substring(0, 32) + ".zip");
  }

  /** Serves files of one serial until they are kept. */
  private void serveOnce(int serial) throws Exception {
    ZoneFolder.write(zones, serial);
    try (Server server = serve("off")) {
      long generation = server.state().generation();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  !server.keptSets().isEmpty()
                      && server.keptSets().getFirst().generation() == generation);
    }
  }

  private Server serve(String watch) throws LoadFailedException {
    return serve(Map.of(ConfigKey.WATCH, watch));
  }

  private Server serve(Map<ConfigKey, String> more) throws LoadFailedException {
    Map<ConfigKey, String> settings = new HashMap<>(more);
    settings.put(ConfigKey.STATE, state.toString());
    return ZoneFolder.serve(zones, settings);
  }

  private void deleteZones() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(zones)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(zones);
  }

  private static long serial(Server server) {
    return server.state().zones().get(0).serial();
  }

  private static List<String> kinds(Server server) throws IOException {
    return server.journal().since(0, 1000).stream().map(e -> e.kind().word()).toList();
  }

  private static void awaitFiles(Server server) {
    Awaitility.await().atMost(PATIENCE).until(() -> server.status().kept() == null);
  }

  private static void awaitKept(Server server, Long... generations) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(server.keptSets())
                    .extracting(KeptSet::generation)
                    .containsExactly(generations));
  }
}
