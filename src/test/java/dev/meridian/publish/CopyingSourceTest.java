package dev.meridian.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.control.ControlTest;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
