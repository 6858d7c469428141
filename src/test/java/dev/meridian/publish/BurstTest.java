package dev.meridian.publish;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes need not settle. */
class BurstTest {
  @TempDir private Path folder;
  private final Burst burst = new Burst();

  @BeforeEach
  void files() throws IOException {
    Files.writeString(folder.resolve("full"), "text");
    Files.writeString(folder.resolve("other"), "text");
    Files.createFile(folder.resolve("empty"));
    Files.createDirectory(folder.resolve("folder"));
  }

  private Burst noted(WatchEvent.Kind<?> kind, String name) {
    burst.note(kind, folder.resolve(name));
    return burst;
  }

  @Test
  void nothingIsNotWhole() {
    assertThat(burst.isOfWholeFiles()).isFalse();
  }

  @Test
  void filesThatWereRenamedIntoPlaceAreWhole() {
    noted(ENTRY_CREATE, ".full.tmp");
    noted(ENTRY_MODIFY, ".full.tmp");
    noted(ENTRY_DELETE, ".full.tmp");
    assertThat(noted(ENTRY_CREATE, "full").isOfWholeFiles()).isTrue();
    assertThat(noted(ENTRY_CREATE, "other").isOfWholeFiles()).isTrue();
  }

  @Test
  void aFileThatIsWrittenToIsNot() {
    noted(ENTRY_CREATE, "full");
    assertThat(noted(ENTRY_MODIFY, "full").isOfWholeFiles()).isFalse();
  }

  @Test
  void oneThatIsMadeAndStillEmptyIsNot() {
    assertThat(noted(ENTRY_CREATE, "empty").isOfWholeFiles()).isFalse();
  }

  @Test
  void whatDisappearsMayComeBackAsGitDoesIt() {
    noted(ENTRY_DELETE, "full");
    assertThat(noted(ENTRY_CREATE, "full").isOfWholeFiles()).isFalse();
  }

  @Test
  void aFolderAndAFileThatIsGoneAgainAreNot() {
    assertThat(noted(ENTRY_CREATE, "folder").isOfWholeFiles()).isFalse();
    assertThat(noted(ENTRY_CREATE, "gone").isOfWholeFiles()).isFalse();
  }
}
