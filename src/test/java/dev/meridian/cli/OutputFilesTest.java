package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {
  @TempDir private Path folder;
  private Path there;
  private Path obsolete;
  private Path fresh;
  private final Map<Path, Optional<String>> texts = new LinkedHashMap<>();

  @BeforeEach
  void write() throws IOException {
    there = Files.writeString(folder.resolve("there"), "old");
    obsolete = Files.writeString(folder.resolve("obsolete"), "old too");
    fresh = folder.resolve("fresh");
    texts.put(there, Optional.of("new"));
    texts.put(obsolete, Optional.empty());
    texts.put(fresh, Optional.of("newer"));
  }

  @Test
  void allOfThemAreWritten() throws IOException {
    OutputFiles.write(texts, true);

    assertThat(there).hasContent("new");
    assertThat(fresh).hasContent("newer");
    assertThat(files()).containsExactly("fresh", "there");
  }

  @Test
  void nothingIsOverwrittenUnlessItMayBe() throws IOException {
    assertThatThrownBy(() -> OutputFiles.write(texts, false))
        .hasMessageContaining(there + " is there already; --force overwrites it")
        .hasMessageContaining(obsolete.toString());
    assertAsBefore();
  }

  @Test
  void whatCannotBeWrittenLeavesEverythingAsItWas() throws IOException {
    texts.put(there.resolve("below a file"), Optional.of("x"));

    assertThatThrownBy(() -> OutputFiles.write(texts, true))
        .hasMessageStartingWith("cannot write ");
    assertAsBefore();
  }

  /** A folder is made for the one file where the other is to be, which fails as the last of all. */
  @Test
  void whatCannotBePutInItsPlaceIsUndoneWithAllBeforeIt() throws IOException {
    Path both = folder.resolve("both");
    texts.put(both, Optional.of("a file"));
    texts.put(both.resolve("file"), Optional.of("a file in a folder"));

    assertThatThrownBy(() -> OutputFiles.write(texts, true))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("cannot write " + both + ": ");
    assertThat(both).isEmptyDirectory();
    Files.delete(both);
    assertAsBefore();
  }

  private void assertAsBefore() throws IOException {
    assertThat(there).hasContent("old");
    assertThat(obsolete).hasContent("old too");
    assertThat(files()).containsExactly("obsolete", "there");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
