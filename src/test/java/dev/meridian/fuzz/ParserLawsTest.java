package dev.meridian.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The laws of parsers over every input that is kept: the seeds that fuzzers begin with, and what
 * they found. An input is never deleted.
 */
class ParserLawsTest {
  private static final Path INPUTS =
      Path.of("src/test/resources/dev/meridian/fuzz/ParserFuzzTestInputs");

  @TempDir private Path folder;
  private ParserLaws laws;

  @BeforeEach
  void open() {
    laws = new ParserLaws(folder);
  }

  @AfterEach
  void close() {
    laws.close();
  }

  @Test
  @Check("S34")
  void holdForEveryInputThatIsKept() throws Exception {
    for (Map.Entry<String, ParserLaws.Law> law : laws.all().entrySet()) {
      List<Path> inputs = list(INPUTS.resolve(law.getKey()));
      assertThat(inputs).as("inputs of %s", law.getKey()).isNotEmpty();
      for (Path input : inputs) {
        try {
          law.getValue().check(Files.readAllBytes(input));
        } catch (Exception | AssertionError e) {
          throw new AssertionError(input + ": " + e.getMessage(), e);
        }
      }
    }
  }

  @Test
  void everyFolderOfInputsHasItsLaw() throws IOException {
    for (Path inputs : list(INPUTS)) {
      assertThat(laws.all()).containsKey(inputs.getFileName().toString());
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return new ArrayList<>(entries.sorted().toList());
    }
  }
}
