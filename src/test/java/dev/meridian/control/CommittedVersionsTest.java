package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.ServerState;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.publish.LoadFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However files come, every answer ever given belongs to some version that was complete: in each
 * state that is ever served, all zones have the same serial, which stands for the version.
 */
class CommittedVersionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ZONES = 200;
  private static final int VERSIONS = 5;

  @TempDir private Path folder;

  @Test
  void checkoutsOfGitAreServedWholeOrNotAtAll() throws Exception {
    Path repository = Files.createDirectories(folder.resolve("repository"));
    Assumptions.assumeTrue(gitIsThere(), "no git here");
    Path zones = repository.resolve("zones");
    git(repository, "init", "-q");
    for (int version = 1; version <= VERSIONS; version++) {
      write(zones, version);
      git(repository, "add", "-A");
      git(repository, "commit", "-q", "-m", "v" + version);
      git(repository, "tag", "v" + version);
    }
    git(repository, "checkout", "-q", "v1");
    try (Server server = serve(zones);
        Witness witness = new Witness(server)) {
      for (int version : new int[] {2, 5, 1, 3, 4}) {
        git(repository, "checkout", "-q", "v" + version);
        // the file of an editor, and one that is written half and then whole
        Files.writeString(zones.resolve(".zone7.example.zone.swp"), "x");
        witness.awaitVersion(version);
      }
      assertThat(witness.mixed()).isEmpty();
      assertThat(witness.seen()).contains(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void swapsOfASymbolicLinkAreServedWholeOrNotAtAll() throws Exception {
    Path zones = Files.createDirectories(folder.resolve("zones"));
    for (int version = 1; version <= VERSIONS; version++) {
      write(zones.resolve("..v" + version), version);
    }
    Files.createSymbolicLink(zones.resolve("..data"), Path.of("..v1"));
    for (int i = 0; i < ZONES; i++) {
      Files.createSymbolicLink(zones.resolve(name(i)), Path.of("..data", name(i)));
    }
    try (Server server = serve(zones);
        Witness witness = new Witness(server)) {
      for (int version = 2; version <= VERSIONS; version++) {
        Path next = zones.resolve("..data_tmp");
        Files.createSymbolicLink(next, Path.of("..v" + version));
        Files.move(next, zones.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        witness.awaitVersion(version);
      }
      assertThat(witness.mixed()).isEmpty();
    }
  }

  @Test
  void aFileThatIsWrittenInPartsIsServedWholeOrNotAtAll() throws Exception {
    Path zones = folder.resolve("zones");
    write(zones, 1);
    try (Server server = serve(zones);
        Witness witness = new Witness(server)) {
      for (int version = 2; version <= VERSIONS; version++) {
        for (int i = 0; i < ZONES; i++) {
          Path file = zones.resolve(name(i));
          Files.writeString(file, "");
          Files.writeString(file, zone(version).substring(0, 40));
          Files.writeString(file, zone(version));
        }
        witness.awaitVersion(version);
      }
      assertThat(witness.mixed()).isEmpty();
    }
  }

  private Server serve(Path zones) throws LoadFailedException {
    ServerConfig config =
        ServerConfig.builder()
            .flag(ConfigKey.ZONES, List.of(zones.toString()))
            .flag(ConfigKey.STATE, List.of(folder.resolve("state").toString()))
            .flag(ConfigKey.LISTEN, List.of("127.0.0.1:0"))
            .flag(ConfigKey.LOOPS, List.of("1"))
            .flag(ConfigKey.GATE, List.of("off")) // serials go backwards here
            .conclude();
    return Server.start(config, Parts.of(config, "test"));
  }

  private static void write(Path zones, int version) throws IOException {
    Files.createDirectories(zones);
    for (int i = 0; i < ZONES; i++) {
      Files.writeString(zones.resolve(name(i)), zone(version));
    }
  }

  private static String name(int zone) {
    return "zone" + zone + ".example.zone";
  }

  private static String zone(int version) {
    return "$TTL 60\n@ SOA ns.other. host.other. " + version + " 2 3 4 5\n@ NS ns.other.\n";
  }

  private static boolean gitIsThere() {
    try {
      return new ProcessBuilder("git", "--version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static void git(Path repository, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("git", "-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "gc.auto=0"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
  }

  /** Looks at every state that is served, as queries do. */
  private static final class Witness implements AutoCloseable {
    private final Server server;
    private final Set<Long> seen = Collections.synchronizedSet(new HashSet<>());
    private final Set<String> mixed = Collections.synchronizedSet(new TreeSet<>());
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = Thread.ofPlatform().name("witness").unstarted(this::watch);

    Witness(Server server) {
      this.server = server;
      thread.start();
    }

    private void watch() {
      ServerState before = ServerState.EMPTY;
      while (!closed.get()) {
        ServerState now = server.state();
        if (now != before) {
          look(now);
          before = now;
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }

    private void look(ServerState state) {
      Set<Long> serials = new TreeSet<>();
      for (int i = 0; i < state.zones().size(); i++) {
        serials.add(state.zones().get(i).serial());
      }
      seen.addAll(serials);
      if (serials.size() != 1 || state.zones().size() != ZONES) {
        mixed.add(state.zones().size() + " zones with serials " + serials);
      }
    }

    void awaitVersion(long version) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> server.state().zones().get(0).serial() == version);
    }

    Set<Long> seen() {
      return seen;
    }

    Set<String> mixed() {
      return mixed;
    }

    @Override
    public void close() {
      closed.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
