package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.health.HealthOverride;
import dev.meridian.state.StateLock;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Heard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the state folder is like, a server starts, serves, and says no to what it cannot keep.
 */
class StateFolderTroubleTest {
  private static final String DISK = "256k";

  @TempDir private Path folder;
  private Path zones;
  private Path state;
  private boolean mounted;

  @BeforeEach
  void write() throws IOException {
    zones = ZoneFolder.write(folder.resolve("zones"), 1);
    state = Files.createDirectories(zones.resolve(".state"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", state.toString());
    }
  }

  /** Told and not refused: volumes of containers are anybody's, inside of one. */
  @Test
  @Check("S123")
  void aFolderThatAnybodyCanWriteIsTold() throws Exception {
    List<String> told = new ArrayList<>();
    for (String mode : List.of("rwx------", "rwxrwx---", "rwxrwxrwx")) {
      Files.setPosixFilePermissions(state, PosixFilePermissions.fromString(mode));
      try (Heard log = new Heard(StateLock.class);
          Server server = ZoneFolder.serve(zones)) {
        assertThat(server.state().zones().size()).isEqualTo(1);
        log.messages().forEach(message -> told.add(mode + ": " + message));
      }
    }
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("rwxrwxrwx: Anybody on this machine can write the state folder ")
        .endsWith("; chmod o-w it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "empty", "random", "cut", "future", "folder"})
  void aBrokenStateIsLeftOutAndReplaced(String how) throws Exception {
    try (Server server = ZoneFolder.serve(zones)) {
      server.place(override("first")).join();
    }
    spoil(how);
    try (Server server = ZoneFolder.serve(zones)) {
      assertThat(server.state().zones().size()).isEqualTo(1);
      assertThat(server.board().overrides()).isEmpty();
      assertThat(server.board().eligibility().isEligible(0)).isTrue();
      if (!how.equals("folder")) {
        server.place(override("second")).join();
      }
    }
    if (!how.equals("folder")) {
      try (Server server = ZoneFolder.serve(zones)) {
        assertThat(server.board().overrides())
            .extracting(HealthOverride::reason)
            .containsExactly("second");
      }
    }
  }

  private void spoil(String how) throws IOException {
    try (var files = Files.list(state)) {
      for (Path file : files.filter(StateFolderTroubleTest::isStateOrJournal).toList()) {
        byte[] octets = Files.readAllBytes(file);
        switch (how) {
          case "garbage" -> Files.writeString(file, "garbage, and not little of it".repeat(10));
          case "empty" -> Files.write(file, new byte[0]);
          case "random" -> new Random(octets.length).nextBytes(octets);
          case "cut" -> octets = java.util.Arrays.copyOf(octets, octets.length / 2);
          case "future" -> ByteBuffer.wrap(octets).putInt(8, Integer.MAX_VALUE);
          default -> {
            Files.delete(file);
            Files.createDirectories(file.resolve("in-the-way"));
            continue;
          }
        }
        if (!how.equals("garbage") && !how.equals("empty")) {
          Files.write(file, octets);
        }
      }
    }
  }

  private static boolean isStateOrJournal(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("health.") || name.startsWith("journal-");
  }

  @Test
  void aFullDiskRefusesOverridesAndNothingElse() throws Exception {
    mount();
    fill();
    try (Server server = ZoneFolder.serve(zones)) {
      assertThat(server.state().zones().size()).isEqualTo(1);
      assertThatThrownBy(() -> server.place(override("full")).join())
          .hasCauseInstanceOf(IOException.class);
      assertThat(server.board().overrides()).isEmpty();
      assertThat(server.board().eligibility().isEligible(0)).isTrue();

      Files.delete(state.resolve("filler"));
      server.place(override("room")).join();
      assertThat(server.board().eligibility().isEligible(0)).isFalse();
    }
  }

  @Test
  void aReadOnlyFolderRefusesOverridesAndNothingElse() throws Exception {
    mount();
    run("mount", "-o", "remount,ro", state.toString());
    try (Server server = ZoneFolder.serve(zones)) {
      assertThat(server.state().zones().size()).isEqualTo(1);
      assertThatThrownBy(() -> server.place(override("read-only")).join())
          .hasCauseInstanceOf(IOException.class);
      assertThat(server.board().overrides()).isEmpty();

      run("mount", "-o", "remount,rw", state.toString());
      server.place(override("again")).join();
      assertThat(server.board().eligibility().isEligible(0)).isFalse();
    }
  }

  private void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", state.toString()) == 0;
    assumeTrue(mounted, "skipped: no right to mount a small disk");
  }

  private void fill() throws IOException {
    try (var out = Files.newOutputStream(state.resolve("filler"))) {
      while (true) {
        out.write(new byte[1024]);
      }
    } catch (IOException full) {
      assertThat(Files.size(state.resolve("filler"))).isPositive();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static HealthOverride override(String reason) {
    return new HealthOverride("a", HealthOverride.Action.DOWN, "ann", reason, Instant.now(), null);
  }
}
