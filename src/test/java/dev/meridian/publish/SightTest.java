package dev.meridian.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.source.Changes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However a folder changes, a look sees what a look at all of it would, and which files may be
 * others is told or said not to be known.
 */
class SightTest {
  /** More than the platform notes of one folder. */
  private static final int TOO_MANY = 2000;

  @TempDir private Path above;
  private Path folder = Path.of(".");
  private Sight sight = Sight.of(folder);

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createDirectory(above.resolve("zones"));
    Files.createDirectory(folder.resolve("tests"));
    write("a", "1");
    write("b", "1");
    watch(folder);
  }

  @AfterEach
  void end() {
    sight.close();
  }

  private void watch(Path root) {
    sight.close();
    sight = Sight.watching(root);
    assertThat(sight.takeChanges()).isEqualTo(Changes.ANY);
  }

  @Test
  void ofAFileThatIsWrittenToOnlyThatIsLookedAt() throws IOException {
    write("a", "22");
    assertSeen("a");
    write("tests/x.yaml", "tests: []");
    assertSeen("tests/x.yaml");
    assertSeen();
  }

  @Test
  void filesThatAreRenamedIntoPlaceComeTogether() throws IOException {
    rename("a", "new");
    rename("b", "new");
    assertSeen("a", "b");
  }

  @Test
  void whatIsGoneIsGone() throws IOException {
    Files.delete(folder.resolve("a"));
    assertSeen("a");
    write("a", "1");
    Files.delete(folder.resolve("a"));
    assertSeen("a");
    Files.move(folder.resolve("b"), folder.resolve("c"));
    assertSeen("b", "c");
  }

  @Test
  void whatHappensBetweenANoticeAndALookIsSeenByIt() throws Exception {
    write("a", "22");
    assertThat(sight.await(Long.MAX_VALUE)).isTrue();
    write("b", "333");
    write("a", "55555");
    assertSeen("a", "b");
  }

  @Test
  void whatOneUserHasTakenInAnotherIsWokenFor() throws Exception {
    write("a", "22");
    sight.look();
    assertThat(sight.await(Long.MAX_VALUE)).isTrue();
    assertThat(sight.takeBurst().isOfWholeFiles()).isFalse();
  }

  @Test
  void hiddenFilesAreNoChange() throws IOException {
    write(".a.swp", "editing");
    assertSeen();
    Files.delete(folder.resolve(".a.swp"));
    assertSeen();
  }

  @Test
  void moreThanCanBeNotedMayBeAnything() throws IOException {
    for (int i = 0; i < TOO_MANY; i++) {
      write("file" + i, "1");
    }
    assertAnySeen();
    write("file7", "22");
    assertSeen("file7");
  }

  @Test
  void aFolderThatComesOrGoesMayBringAnything() throws IOException {
    Files.createDirectory(folder.resolve("parts"));
    assertAnySeen();
    write("parts/x", "1");
    assertSeen("parts/x");
    Files.delete(folder.resolve("parts/x"));
    Files.delete(folder.resolve("parts"));
    assertAnySeen();
  }

  @Test
  void aFolderThatIsDeletedAndMadeAgainIsAnother() throws IOException {
    deleteAll();
    assertAnySeen();
    Files.createDirectory(folder);
    write("a", "1");
    assertAnySeen();
    write("a", "22");
    assertSeen("a");
  }

  @Test
  void aFolderThatIsMovedAwayUnderItsWatchIsAnother() throws IOException {
    Path next = Files.createDirectory(above.resolve("next"));
    Files.writeString(next.resolve("a"), "other");
    Files.move(folder, above.resolve("old"));
    Files.move(next, folder);
    Files.writeString(above.resolve("old/b"), "of no interest");
    assertAnySeen();
    write("a", "22");
    assertSeen("a");
  }

  @Test
  void linksAreFollowedAndWhatTheyLeadToIsLookedAtAlways() throws IOException {
    Files.writeString(above.resolve("elsewhere"), "1");
    Files.createSymbolicLink(folder.resolve("link"), above.resolve("elsewhere"));
    assertAnySeen();
    Files.writeString(above.resolve("elsewhere"), "22");
    assertAnySeen();
  }

  @Test
  void aRootThatIsALinkMayBeSwapped() throws IOException {
    Path other = Files.createDirectory(above.resolve("other"));
    Files.writeString(other.resolve("a"), "other");
    Path link = Files.createSymbolicLink(above.resolve("link"), folder);
    watch(link);
    write("a", "22");
    assertSeen("a");
    Path next = Files.createSymbolicLink(above.resolve("next"), other);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
    assertAnySeen();
  }

  @Test
  void whatNobodyHasNotedIsFoundByALookAtAll() throws IOException {
    Path twin = Files.createLink(above.resolve("twin"), folder.resolve("a"));
    sight.lookAtAll();
    sight.takeChanges();
    Files.writeString(twin, "written under another name");
    sight.lookAtAll();
    assertAnySeen();
  }

  @Test
  void aLookAtAllLeavesWhatWasNotedKnown() throws IOException {
    write("a", "22");
    sight.lookAtAll();
    assertSeen("a");
  }

  @Test
  void withoutNoticesItIsLookedAtWhole() throws IOException {
    sight.close();
    sight = Sight.of(folder);
    sight.takeChanges();
    write("a", "22");
    assertAnySeen();
  }

  /** What is not among the changes says what it said: an edit is never missed. */
  @Test
  void anyChangesInAnyOrderAreSeen() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, String> known = contents();
    for (int round = 0; round < 200; round++) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutate(random);
      }
      Fingerprint seen = random.nextInt(20) == 0 ? sight.lookAtAll() : sight.look();
      String label = "seed " + seed + ", round " + round;
      assertThat(seen.digest()).as(label).isEqualTo(whole().digest());
      assertThat(seen.folders()).as(label).isEqualTo(whole().folders());
      Changes changes = sight.takeChanges();
      Map<String, String> now = contents();
      Map<String, String> before = known;
      Stream.concat(before.keySet().stream(), now.keySet().stream())
          .filter(name -> !String.valueOf(before.get(name)).equals(String.valueOf(now.get(name))))
          .forEach(name -> assertThat(changes.has(name)).as("%s: %s", label, name).isTrue());
      known = now;
    }
  }

  @Test
  void manyMayLookAtOnceWhileFilesChange() throws Exception {
    Map<String, String> before = contents();
    Set<String> told = new HashSet<>();
    AtomicBoolean ended = new AtomicBoolean();
    try (var users = Executors.newFixedThreadPool(2)) {
      Future<?> looks = users.submit(() -> lookUntil(ended, sight::look));
      Future<?> looksAtAll = users.submit(() -> lookUntil(ended, sight::lookAtAll));
      for (int i = 0; i < 300; i++) {
        write("file" + i % 40, "x".repeat(i % 7));
        Changes changes = sight.takeChanges();
        told.addAll(changes.any() ? contents().keySet() : changes.names());
      }
      ended.set(true);
      looks.get();
      looksAtAll.get();
    }
    assertThat(sight.look().digest()).isEqualTo(whole().digest());
    Changes changes = sight.takeChanges();
    told.addAll(changes.any() ? contents().keySet() : changes.names());
    Set<String> changed = new HashSet<>(contents().keySet());
    changed.removeAll(before.keySet());
    assertThat(told).containsAll(changed);
  }

  private static void lookUntil(AtomicBoolean ended, Runnable look) {
    while (!ended.get()) {
      look.run();
    }
  }

  private void mutate(Random random) throws IOException {
    String name = List.of("a", "b", "c", "tests/x", "more/y", ".hid").get(random.nextInt(6));
    Path path = folder.resolve(name);
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "x".repeat(random.nextInt(9)));
      }
      case 2 -> Files.deleteIfExists(path);
      case 3 -> {
        Files.createDirectories(path.getParent());
        Path beside = Files.writeString(above.resolve("draft"), "y".repeat(random.nextInt(9)));
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
      }
      case 4 -> {
        if (random.nextInt(8) == 0) {
          deleteAll();
          Files.createDirectory(folder);
        }
      }
      default -> {
        if (Files.exists(folder.resolve("a"))) {
          Files.move(folder.resolve("a"), folder.resolve("b"), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          contents.put(folder.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }

  private Fingerprint whole() {
    return Fingerprint.of(List.of(sight.root()));
  }

  private void assertSeen(String... names) {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "notices are prompt on Linux only");
    assertThat(sight.look().digest()).isEqualTo(whole().digest());
    assertThat(sight.takeChanges()).isEqualTo(Changes.of(List.of(names)));
  }

  private void assertAnySeen() {
    assertThat(sight.look().digest()).isEqualTo(whole().digest());
    assertThat(sight.takeChanges()).isEqualTo(Changes.ANY);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private void rename(String name, String content) throws IOException {
    Path beside = Files.writeString(folder.resolve("." + name), content);
    Files.move(beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void deleteAll() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
