package dev.meridian.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.control.ControlTest;
import dev.meridian.source.Changes;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyingSourceTest {
  @TempDir private Path folder;
  private final AtomicInteger loads = new AtomicInteger();

  @Test
  void whatIsReadAtOnceIsReadOnce() throws Exception {
    LoadedState loaded = source(0).load();
    assertThat(loads).hasValue(1);
    assertThat(loaded.copying().make()).get().extracting(SetCopy::digest).isEqualTo(digest());
  }

  @Test
  void aFolderThatChangesWhileItIsReadIsReadAgain() throws Exception {
    LoadedState loaded = source(2).load();
    assertThat(loads).hasValue(3);
    assertThat(loaded.copying().make()).get().extracting(SetCopy::digest).isEqualTo(digest());
  }

  @Test
  void anEditDuringALoadThatGoesByNoticesIsReadBeforeAnythingIsServed() throws Exception {
    try (Sight sight = Sight.watching(folder)) {
      assumeTrue(isPrompt(sight));
      Told rest = new Told(2, () -> write("during"));
      CopyingSource source = new CopyingSource(rest, sight, List.of());
      source.load();
      write("before");
      source.loadNoted();
      source.loadNoted();
      assertThat(rest.told)
          .containsExactly(Changes.ANY, changed("before"), changed("during"), Changes.NONE);
    }
  }

  @Test
  void afterALoadThatBreaksDownNothingIsTakenForKnown() throws Exception {
    try (Sight sight = Sight.watching(folder)) {
      assumeTrue(isPrompt(sight));
      Told rest =
          new Told(
              2,
              () -> {
                throw new IllegalStateException("made up by a test");
              });
      CopyingSource source = new CopyingSource(rest, sight, List.of());
      source.load();
      write("lost?");
      assertThatThrownBy(source::loadNoted).isInstanceOf(IllegalStateException.class);
      source.loadNoted();
      assertThat(rest.told).containsExactly(Changes.ANY, changed("lost?"), Changes.ANY);
    }
  }

  /** Whether notices are there at once, as on Linux. */
  private boolean isPrompt(Sight sight) throws IOException {
    sight.takeChanges();
    write("x");
    sight.look();
    boolean prompt = !sight.takeChanges().any();
    sight.forget();
    return prompt;
  }

  private static Changes changed(String content) {
    return Changes.of(List.of("example.org.zone." + content));
  }

  /** Takes down what it is told; something happens in one of the loads. */
  private static final class Told implements StateSource {
    private final List<Changes> told = new ArrayList<>();
    private final int disturbed;
    private final Runnable disturbance;

    Told(int disturbed, Runnable disturbance) {
      this.disturbed = disturbed;
      this.disturbance = disturbance;
    }

    @Override
    public LoadedState load() {
      return load(Changes.ANY);
    }

    @Override
    public LoadedState load(Changes changes) {
      told.add(changes);
      if (told.size() == disturbed) {
        disturbance.run();
      }
      return new LoadedState(new Zones(List.of()), List.of(), ControlTest.NOWHERE, List.of());
    }
  }

  @Test
  void aFolderThatHasChangedSinceIsNotCopied() throws Exception {
    LoadedState loaded = source(0).load();
    write("later");
    assertThat(loaded.copying().make()).isEmpty();
  }

  @Test
  void aFolderThatNeverSettlesIsRefused() {
    assertThatThrownBy(() -> source(100).load())
        .isInstanceOfSatisfying(
            LoadFailedException.class,
            e -> assertThat(e.problems()).singleElement().asString().contains("keeps changing"));
  }

  @Test
  void hiddenFilesAreNoPartOfACopyAndLinksAreFollowed() throws Exception {
    Files.writeString(folder.resolve("a"), "content");
    String before = digest();
    Files.writeString(folder.resolve(".hidden"), "x");
    Files.move(folder.resolve("a"), folder.resolve(".real"));
    Files.createSymbolicLink(folder.resolve("a"), Path.of(".real"));
    assertThat(digest()).isEqualTo(before);
  }

  @Test
  void aCopyUnpacksToTheSameFiles() throws Exception {
    Files.createDirectories(folder.resolve("from/tests"));
    Files.writeString(folder.resolve("from/tests/x.yaml"), "tests: []");
    Files.writeString(folder.resolve("from/empty"), "");
    SetCopy copy = SetCopy.of(folder.resolve("from"), "");
    assertThat(SetCopy.unpack(copy.zip(), folder.resolve("to"))).isEqualTo(copy.digest());
    assertThat(folder.resolve("to/tests/x.yaml")).hasContent("tests: []");
    assertThat(folder.resolve("to/empty")).isEmptyFile();
  }

  private String digest() throws IOException {
    return SetCopy.of(folder, "").digest();
  }

  /** Something else writes to the folder during the first loads. */
  private CopyingSource source(int disturbed) {
    return new CopyingSource(
        () -> {
          int load = loads.incrementAndGet();
          if (load <= disturbed) {
            write("part " + load);
          }
          return new LoadedState(new Zones(List.of()), List.of(), ControlTest.NOWHERE, List.of());
        },
        Sight.of(folder),
        List.of());
  }

  private void write(String content) {
    try {
      Files.writeString(folder.resolve("example.org.zone." + content), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
