package dev.meridian.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.load.RoutingTest;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Pushes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What tests of zones promise, tried on the folder of {@link Pushes} in the world of the fixture.
 */
class TestRunnerTest {
  private static final String TESTS = "tests/example.org.yaml";

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ ask: www.example.org, answer: a }",
        "{ ask: www.example.org A AAAA, down: a, answer: b }",
        "{ ask: www.example.org, ttl: <= 86400 }",
        "{ ask: geo.example.org A AAAA, client: FR, answer: a }",
        "{ ask: geo.example.org, client: [US, JP, 203.0.113.7], answer: b }",
        "{ ask: geo.example.org, client: continent:EU, answer: [a, b] }",
        "{ ask: geo.example.org, never: c }",
        "{ ask: net.example.org, client: 198.51.100.7, answer: a, scope: 24 }",
        "{ ask: net.example.org, client: AS64501, answer: a }",
        "{ ask: split.example.org, share: { a: 99%, b: 1% }, tolerance: 0% }",
        "{ ask: many.example.org, answer: [a, b, c] }",
        "{ ask: also.example.org, down: a, answer: b }",
        "{ ask: nothing.example.org, rcode: NXDOMAIN }",
        "{ ask: web.example.org TXT, records: [ TXT web ] }",
        "{ ask: www.example.org TXT, answer: none }",
      })
  void aPromiseThatIsKeptPasses(String test) {
    assertThat(failures(test)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ ask: www.example.org, answer: b } | expected b, got a",
        "{ ask: www.example.org, down: a, answer: a } | expected a, got b",
        "{ ask: www.example.org, answer: [a, b] } | 'b' is expected, but nobody is answered with it",
        "{ ask: geo.example.org, client: FR, never: a } | never a is expected, got a",
        "{ ask: geo.example.org, client: continent:EU, answer: a } | expected a, got b",
        "{ ask: split.example.org, share: { b: 5% } } | share of b: expected 5%, is 1%",
        "{ ask: www.example.org, ttl: <= 0 } | TTL",
        "{ ask: net.example.org, client: 198.51.100.7, scope: <= 16 } | scope",
        "{ ask: geo.example.org, client: AS4, answer: a } | there are no clients in AS4",
        "{ ask: nothing.example.org, rcode: NOERROR } | NXDOMAIN",
        "{ ask: www.example.org, answer: none } | no answer is expected, got a",
        "{ ask: web.example.org TXT, records: other } | record 'TXT web' is not expected",
      })
  void aPromiseThatIsBrokenSaysWhatIsSo(String test, String sentence) {
    assertThat(failures(test)).isNotEmpty().first().asString().contains(sentence);
  }

  @Test
  void whatHasNoHealthCheckCannotBeDown() {
    Revision revision = revision("{ ask: www.example.org, down: nobody, answer: a }");
    List<Problem> problems = new TestRunner(revision).problems(revision.tests().tests());
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith(TESTS + ":2:35: no health check is meant by 'nobody'");
  }

  @Test
  void aFailureExplainsTheAnswerOfOneClient() {
    Revision revision = revision("{ ask: geo.example.org, client: FR, answer: b }");
    TestResult result = new TestRunner(revision).run(revision.tests().tests().getFirst());
    assertThat(result.failures().getFirst().sentence()).startsWith("client 100.64.1.0");
    assertThat(result.failures().getFirst().explanation()).isNotNull();
  }

  @Test
  void whatIsGeneratedHoldsUntilTheRoutingChanges() {
    Folders folders = new Folders(root);
    Map<String, String> files = Pushes.before();
    Map<String, String> generated = new TestGenerator(folders.of(files)).files();
    assertThat(generated.keySet()).contains("tests/example.org.generated.yaml");
    files.remove(TESTS);
    files.putAll(generated);

    Revision same = folders.of(files);
    assertThat(same.isWrong()).as(same.problems().toString()).isFalse();
    assertThat(same.tests().tests()).hasSizeGreaterThan(20);
    assertThat(failures(same)).isEmpty();
    assertThat(new TestGenerator(same).files()).as("the same again").isEqualTo(generated);

    files.computeIfPresent(
        "example.org.policy.yaml",
        (_, text) -> text.replace("FR: a, default: b", "FR: b, default: a"));
    assertThat(failures(folders.of(files))).isNotEmpty().allMatch(each -> each.startsWith("geo."));
  }

  private Revision revision(String test) {
    Map<String, String> files = Pushes.before();
    files.put(TESTS, "tests:\n  - " + test + "\n");
    Revision revision = new Folders(root).of(files);
    assertThat(revision.isWrong()).as(revision.problems().toString()).isFalse();
    return revision;
  }

  private List<String> failures(String test) {
    return failures(revision(test)).stream()
        .map(each -> each.substring(each.indexOf(' ') + 1))
        .toList();
  }

  /** Each with the name that was asked for before it. */
  private static List<String> failures(Revision revision) {
    TestRunner runner = new TestRunner(revision);
    List<String> failures = new ArrayList<>();
    for (RoutingTest test : revision.tests().tests()) {
      runner
          .run(test)
          .failures()
          .forEach(failure -> failures.add(test.question() + " " + failure.sentence()));
    }
    return failures;
  }
}
