package dev.meridian.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private final BlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();

  @Test
  void aBurstOfChangesIsToldWhenItIsOver() throws Exception {
    Path zones = Files.createDirectory(folder.resolve("zones"));
    try (FolderWatch watch = watching(zones)) {
      watch.start();
      for (String name : List.of("a", "b", "c")) {
        Files.writeString(zones.resolve(name), name);
      }
      assertThat(toldIncluding("c")).containsExactly("a", "b", "c");
    }
  }

  @Test
  void ofFilesThatAreRenamedIntoPlaceNoneIsMissed() throws Exception {
    Path zones = Files.createDirectory(folder.resolve("zones"));
    List<String> names = IntStream.range(0, 20).mapToObj(i -> "zone" + i).sorted().toList();
    for (String name : names) {
      Files.writeString(zones.resolve("." + name), name);
    }
    try (FolderWatch watch = watching(zones)) {
      watch.start();
      for (String name : names) {
        Files.move(zones.resolve("." + name), zones.resolve(name));
      }
      assertThat(toldIncluding(names.getLast())).containsAll(names);
    }
  }

  @Test
  void aFolderThatIsDeletedAndMadeAgainIsWatchedOn() throws Exception {
    Path zones = Files.createDirectory(folder.resolve("zones"));
    Files.writeString(zones.resolve("a"), "a");
    try (FolderWatch watch = watching(zones)) {
      watch.start();
      Files.delete(zones.resolve("a"));
      Files.delete(zones);
      Files.createDirectory(zones);
      Files.writeString(zones.resolve("b"), "b");
      assertThat(toldIncluding("b")).containsExactly("b");
      Files.writeString(zones.resolve("c"), "c");
      assertThat(toldIncluding("c")).containsExactly("b", "c");
    }
  }

  @Test
  void anEditThatReplacesTheFileIsFound() throws Exception {
    Path zones = Files.createDirectory(folder.resolve("zones"));
    Files.writeString(zones.resolve("a"), "old");
    Fingerprint before = Fingerprint.of(List.of(zones));
    Path edited = Files.writeString(folder.resolve("edited"), "new");
    Files.setLastModifiedTime(edited, Files.getLastModifiedTime(zones.resolve("a")));
    Files.move(edited, zones.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(Fingerprint.of(List.of(zones)).digest()).isNotEqualTo(before.digest());
  }

  @Test
  void aFolderSwappedByItsSymbolicLinkIsFoundAndWatchedOn() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Files.writeString(first.resolve("a"), "same");
    Files.writeString(second.resolve("b"), "same");
    Path link = Files.createSymbolicLink(folder.resolve("zones"), first.getFileName());
    try (FolderWatch watch = watching(link)) {
      watch.start();
      Path next = Files.createSymbolicLink(folder.resolve("next"), second.getFileName());
      Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
      assertThat(toldIncluding("b")).containsExactly("b");
      Files.writeString(second.resolve("c"), "more");
      assertThat(toldIncluding("c")).containsExactly("b", "c");
    }
  }

  @Test
  void withoutNoticesEveryChangeIsFoundAllTheSame() throws Exception {
    try (FolderWatch watch =
        FolderWatch.of(Sight.of(folder), List.of(), () -> seen.add(list(folder)))) {
      watch.start();
      Files.writeString(folder.resolve("a"), "a");
      assertThat(toldIncluding("a")).containsExactly("a");
      Files.writeString(folder.resolve("b"), "b");
      assertThat(toldIncluding("b")).containsExactly("a", "b");
    }
  }

  @Test
  void aFolderThatComesLaterIsFound() throws Exception {
    Path zones = folder.resolve("zones");
    try (FolderWatch watch = watching(zones)) {
      watch.start();
      Files.createDirectory(zones);
      Files.writeString(zones.resolve("a"), "a");
      assertThat(toldIncluding("a")).containsExactly("a");
    }
  }

  @Test
  void aListenerThatFailsIsToldAgain() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    Runnable listener =
        () -> {
          if (failed.compareAndSet(false, true)) {
            throw new IllegalStateException("made up by a test");
          }
          seen.add(list(folder));
        };
    try (FolderWatch watch = FolderWatch.of(Sight.watching(folder), List.of(), listener)) {
      watch.start();
      Files.writeString(folder.resolve("a"), "a");
      assertThat(toldIncluding("a")).containsExactly("a");
      assertThat(failed).isTrue();
    }
  }

  @Test
  void aSingleFileIsWatched() throws Exception {
    Path file = Files.writeString(folder.resolve("geo.mmdb"), "1");
    try (FolderWatch watch = watching(file)) {
      watch.start();
      Files.writeString(file, "22");
      assertThat(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void hiddenFilesDoNotCount() throws Exception {
    Fingerprint before = Fingerprint.of(List.of(folder));
    Files.writeString(folder.resolve(".a.zone.swp"), "editing");
    Files.createDirectory(folder.resolve(".git"));
    Files.writeString(folder.resolve(".git").resolve("index"), "x");
    assertThat(Fingerprint.of(List.of(folder)).digest()).isEqualTo(before.digest());
  }

  private FolderWatch watching(Path root) {
    return FolderWatch.of(Sight.watching(root), List.of(), () -> seen.add(list(root)));
  }

  private static List<String> list(Path root) {
    try (var files = Files.list(root)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What the folder held when it was first told to have this file. */
  private List<String> toldIncluding(String name) throws InterruptedException {
    while (true) {
      List<String> told = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(told).as("a change that brings " + name).isNotNull();
      if (told.contains(name)) {
        return told;
      }
    }
  }
}
