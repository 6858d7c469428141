package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.ServerState;
import dev.meridian.config.ConfigKey;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthStatus;
import dev.meridian.publish.DiskSource;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.LoadedState;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/**
 * Spoilt files of every kind, pushed one after another at a running server. Each push gets a
 * verdict. A refused one says in which file, line and column, and the answers stay what they were;
 * one that is served is answered exactly as a server would that has never seen anything else: what
 * is reused from one load to the next can never be told from the answers. {@code
 * -Dtest.pushes=10000} makes more of them, {@code -Dtest.seed=…} others.
 */
class MutatedPushesTest {
  private static final long SEED = Long.getLong("test.seed", 20261128);
  private static final int PUSHES = Integer.getInteger("test.pushes", 150);

  private static final int STARTS = Integer.getInteger("test.starts", 12);

  /** How often an answer that dice decide is thrown until it is the one that was seen. */
  private static final int THROWS = 5_000;

  private static final List<String> CLIENTS = List.of("203.0.113.0/24", "100.64.1.0/24");

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private Path zones = Path.of("");
  private Path geo = Path.of("");
  private List<Path> originals = List.of();
  private List<String> names = List.of();

  @BeforeEach
  void copyTheExamples() throws IOException {
    zones = Files.createDirectories(folder.resolve("zones"));
    Files.createDirectories(zones.resolve("tests"));
    geo = Files.createDirectories(folder.resolve("geo"));
    Path examples = Path.of("zones");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(examples)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = zones.resolve(examples.relativize(file).toString());
        // probes that come round after the test has ended
        String text = Files.readString(file).replaceAll("interval: \\d+s", "interval: 1h");
        files.add(Files.writeString(copy, text));
      }
    }
    files.add(
        Files.writeString(
            zones.resolve("overrides.yaml"),
            "overrides:\n"
                + "  - { selector: '*dub-1*', action: down, author: ann, reason: move,"
                + " until: forever }\n"));
    files.add(GeoFixture.writeCityTo(geo));
    files.add(GeoFixture.writeAsnTo(geo));
    originals = List.copyOf(files);
    names = List.of("www", "api", "near", "metro", "spread", "pool", "canary", "shop", "office");
  }

  @Test
  @Check("S34")
  void everyPushIsServedExactlyOrRefusedWithItsPlace(TestReporter report) throws Exception {
    Duration slowest = Duration.ZERO;
    int served = 0;
    try (Server server = serve(folder.resolve("state"))) {
      Reference lastGood = fresh();
      for (int push = 0; push < PUSHES; push++) {
        Path file = originals.get(random.nextInt(originals.size()));
        String label = file.getFileName() + ", push " + push + " of seed " + SEED;
        byte[] before = Files.readAllBytes(file);
        push(file, Mutations.of(before, random));
        ReloadResult result = server.reload("test").join();
        if (result.ok()) {
          served++;
          lastGood = fresh();
        } else {
          assertThat(result.heldBack()).as(label).isFalse();
          assertThat(result.problems()).as(label).anyMatch(Problem::isError);
          assertThat(result.problems()).as(label).allMatch(MutatedPushesTest::hasItsPlace);
        }
        compare(label, server, lastGood);
        slowest = result.took().compareTo(slowest) > 0 ? result.took() : slowest;
        push(file, before);
      }
    }
    report.publishEntry(
        PUSHES + " pushes, " + served + " served; slowest verdict " + slowest.toMillis() + " ms");
    assertThat(served).isBetween(1, PUSHES - 1);
  }

  /**
   * The state folder is spoilt in any of its files between two runs. With good zone files the
   * answers are theirs; with bad ones the set that was kept is served as it was, or, if that is
   * what was spoilt, nothing at all: never something in between.
   */
  @Test
  @Check("S34")
  void whateverTheStateFolderIsLikeAServerServesAllOrNothing() throws Exception {
    Path state = folder.resolve("state");
    Path policy = zones.resolve("example.com.policy.yaml");
    byte[] good = Files.readAllBytes(policy);
    Reference expected = fresh();
    try (Server server = serve(state)) {
      assertThat(server.reload("test").join().ok()).isTrue();
    }
    int refused = 0;
    for (int start = 0; start < STARTS; start++) {
      Path file = spoilOneOf(state);
      String label = state.relativize(file) + ", start " + start + " of seed " + SEED;
      boolean filesAreGood = random.nextBoolean();
      Files.write(policy, filesAreGood ? good : "records: [".getBytes(StandardCharsets.UTF_8));
      try (Server server = serve(state)) {
        compare(label, server, expected);
      } catch (LoadFailedException e) {
        assertThat(filesAreGood).as(label).isFalse();
        refused++;
      }
      Files.write(policy, good);
      try (Server server = serve(state)) { // and it has not made anything worse
        compare("after " + label, server, expected);
      }
    }
    assertThat(refused).isLessThan(STARTS);
  }

  private Server serve(Path state) throws LoadFailedException {
    return ZoneFolder.serve(
        zones,
        Map.of(
            ConfigKey.WATCH,
            "off",
            ConfigKey.GATE,
            "off",
            ConfigKey.GEOIP,
            geo.toString(),
            ConfigKey.STATE,
            state.toString()));
  }

  private Path spoilOneOf(Path state) throws IOException {
    try (Stream<Path> all = Files.walk(state)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      Path file = files.get(random.nextInt(files.size()));
      Files.write(file, Mutations.of(Files.readAllBytes(file), random));
      return file;
    }
  }

  /** As an editor saves, or as one does that writes into the file that is there. */
  private void push(Path file, byte[] octets) throws IOException {
    if (random.nextBoolean()) {
      Files.write(file, octets);
    } else {
      Path beside = Files.write(folder.resolve("next"), octets);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static boolean hasItsPlace(Problem problem) {
    return !problem.file().isBlank() && problem.line() > 0 && problem.column() > 0;
  }

  /** The files as they are, loaded by somebody without a past. */
  private Reference fresh() throws LoadFailedException {
    HealthRegistry registry = new HealthRegistry();
    return new Reference(new DiskSource(zones, List.of(geo), registry).load(), registry);
  }

  /** What a set answers in the health that a server sees. */
  private record Reference(LoadedState loaded, HealthRegistry registry) {
    Answering in(HealthBoard board) {
      EligibilitySnapshot health = EligibilitySnapshot.ALL;
      for (HealthStatus status : board.statuses()) {
        health = health.with(registry.indexOf(status.id()), status.isHealthy());
      }
      Answering answering = new Answering(List.of());
      answering.publish(ServerState.of(loaded.zones(), health, 1));
      return answering;
    }
  }

  private void compare(String label, Server server, Reference expected) {
    for (String name : names) {
      for (String client : CLIENTS) {
        for (String type : List.of("A", "AAAA")) {
          compare(label, server, expected, Answering.query(name + ".example.com.", type, client));
        }
      }
    }
  }

  /** The first probes of a server end while it is asked: an answer is of before or after one. */
  private static void compare(String label, Server server, Reference expected, Message query) {
    List<String> differences = new ArrayList<>();
    for (int tries = 0; tries < 5; tries++) {
      HealthBoard board = server.board();
      List<String> seen = sorted(Asking.udp(server.addresses().getFirst(), query));
      Answering answering = expected.in(board);
      for (int i = 0; i < THROWS; i++) {
        List<String> answer = sorted(answering.ask(query));
        if (answer.equals(seen)) {
          return;
        }
        differences = List.of("seen " + seen, "should be as " + answer);
      }
    }
    assertThat(differences).as("%s: %s", label, query.getQuestion()).isEmpty();
  }

  private static List<String> sorted(Message response) {
    return Answering.digest(response).stream().sorted().toList();
  }
}
