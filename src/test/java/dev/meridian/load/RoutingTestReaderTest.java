package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRType;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTestReaderTest {
  @TempDir private Path folder;

  @Test
  void readsAllThatATestCanSay() throws IOException {
    LoadedTests loaded =
        load(
            """
            tests:
              - name: everything
                ask: www.example.org A AAAA
                client: [AU, 198.51.100.0/24, AS64500, continent:EU]
                down: [all, a]
                answer: b
                never: [c]
                share: { b: 12.5% }
                tolerance: 1%
                ttl: <= 60
                scope: 24
                rcode: NOERROR
                records: 192.0.2.1
              - { ask: www.example.org., answer: none }
            """);

    assertThat(loaded.problems().list()).isEmpty();
    RoutingTest all = loaded.tests().getFirst();
    assertThat(all.place()).hasToString("tests/a.yaml:2:5");
    assertThat(all.title()).isEqualTo("everything");
    assertThat(all.types()).containsExactly(RRType.A, RRType.AAAA);
    assertThat(all.clients()).hasSize(4);
    assertThat(all.down()).extracting(RoutingTest.Selector::text).containsExactly("*", "a");
    assertThat(all.expectation().answer()).containsExactly("b");
    assertThat(all.expectation().shares()).containsEntry("b", 0.125);
    assertThat(all.expectation().tolerance()).isEqualTo(0.01);
    assertThat(all.expectation().ttl()).hasToString("<= 60");
    assertThat(all.expectation().scope()).hasToString("24");
    RoutingTest short1 = loaded.tests().getLast();
    assertThat(short1.types()).containsExactly(RRType.A);
    assertThat(short1.clients()).containsExactly(new Clients.Everyone());
    assertThat(short1.expectation().ttl()).isNull();
  }

  @Test
  void aFolderWithoutTestsHasNone() {
    assertThat(RoutingTestReader.load(folder, LoadLimits.DEFAULT).tests()).isEmpty();
  }

  @Test
  void hiddenFilesAndOthersAreLeftAlone() throws IOException {
    load("tests: [ { ask: w, answer: a } ]");
    Files.writeString(folder.resolve("tests/.b.yaml"), "{");
    Files.writeString(folder.resolve("tests/notes.txt"), "{");
    assertThat(RoutingTestReader.load(folder, LoadLimits.DEFAULT).problems().list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ answer: a } | 2:5: 'ask' is missing: a name, and types if not A",
        "{ ask: www.example.org } | 2:5: nothing is expected: add one of answer, never",
        "{ ask: www.example.org XX, answer: a } | 2:12: 'XX' is no type of records",
        "{ ask: a..b, answer: a } | 2:12: ",
        "{ ask: w.example.org, client: nowhere-at-all, answer: a } | 2:35: ",
        "{ ask: w.example.org, answr: a } | 'answr'; did you mean 'answer'?",
        "{ ask: w.example.org, share: { a: lots } } | 2:39: a share is a percentage such as 25%",
        "{ ask: w.example.org, share: { a: 101% } } | 2:39: a share is a percentage such as 25%",
        "{ ask: w.example.org, ttl: soon } | 2:32: ttl is a number, or '<= 60', or '>= 60'",
        "{ ask: w.example.org, rcode: OOPS } | 2:34: rcode is one of NOERROR, NXDOMAIN",
        "{ ask: [x], answer: a } | 2:12: ",
      })
  void sayWhatIsWrongAndWhere(String test, String problem) throws IOException {
    LoadedTests loaded = load("tests:\n  - " + test + "\n");
    assertThat(loaded.tests()).isEmpty();
    assertThat(loaded.problems().list())
        .extracting(Problem::toString)
        .anyMatch(each -> each.contains(problem))
        .allMatch(each -> each.startsWith("tests/a.yaml:2:"));
  }

  @Test
  void aTestThatIsWrongDoesNotHideTheOthers() throws IOException {
    LoadedTests loaded = load("tests:\n  - { ask: a..b, answer: a }\n  - { ask: w, answer: a }\n");
    assertThat(loaded.tests()).hasSize(1);
    assertThat(loaded.problems().errorCount()).isEqualTo(1);
  }

  private LoadedTests load(String text) throws IOException {
    Files.createDirectories(folder.resolve("tests"));
    Files.writeString(folder.resolve("tests/a.yaml"), text);
    return RoutingTestReader.load(folder, LoadLimits.DEFAULT);
  }
}
