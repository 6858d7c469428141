package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.policyfile.AnswerReader;
import dev.meridian.policyfile.PolicyKeywords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/POLICIES.md} says what the loader and the schema say. */
class PolicyReferenceTest {
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private final String text = read();

  private static String read() {
    try {
      return Files.readString(Path.of("docs/POLICIES.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each example is a file, with the endpoints of the first one if it has none of its own. */
  private List<String> files() {
    List<String> examples = EXAMPLE.matcher(text).results().map(found -> found.group(1)).toList();
    String base = examples.getFirst();
    return examples.stream()
        .skip(1)
        .map(example -> example.contains("endpoints:") ? example : base + example)
        .toList();
  }

  @Test
  void everyExampleLoadsWithoutAnError(@TempDir Path folder) {
    assertThat(files())
        .hasSizeGreaterThan(AnswerReader.KEYS.size() - 3)
        .allSatisfy(
            file ->
                assertThat(new ZoneFolder(folder).policy(file).problems())
                    .as(file)
                    .allMatch(problem -> problem.contains(": warning: ")));
  }

  @Test
  void everyExampleFitsTheSchema() {
    assertThat(files())
        .allSatisfy(file -> assertThat(PolicySchema.violations(file)).as(file).isEmpty());
  }

  @Test
  void everyPolicyHasAHeading() {
    assertThat(PolicyKeywords.NAMES)
        .allSatisfy(keyword -> assertThat(text).contains("\n## " + keyword + "\n"));
  }
}
