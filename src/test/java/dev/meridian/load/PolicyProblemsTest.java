package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with a policy file is said at its line and column, in a sentence.
 *
 * <p>The cases are files beside this class, which read as the policy files do: above {@code ----}
 * what stands around every case, where {@code %s} is; below, with a blank line between two, what a
 * case has there and all that is said of it. What begins with {@code >>} editors that know the
 * schema mark too; of what begins with {@code >} only the server can know.
 */
class PolicyProblemsTest {
  private static final Path FILES =
      Path.of("src/test/resources/dev/meridian/load/PolicyProblemsTest");
  private static final String FRAME_END = "----\n";

  @TempDir private Path folder;

  /**
   * A policy file.
   *
   * @param name of the file that has it, and what it has there
   * @param problems as {@code line:column: message}
   */
  record Case(String name, String policy, List<String> problems, boolean marked) {
    static Case of(Path file, String frame, String block) {
      List<String> text = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      for (String line : block.lines().toList()) {
        (line.startsWith(">") ? problems : text).add(line);
      }
      String given = String.join("\n", text);
      boolean marked = problems.stream().anyMatch(line -> line.startsWith(">>"));
      return new Case(
          file.getFileName() + ": " + given.strip(),
          frame.replace("%s", given),
          problems.stream().map(line -> line.replaceFirst("^>>? ", "")).toList(),
          marked);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(FILES)) {
      for (Path file : files) {
        cases(file).forEach(cases::add);
      }
    }
    return cases.stream();
  }

  private static Stream<Case> cases(Path file) throws IOException {
    String text = Files.readString(file);
    int end = text.indexOf(FRAME_END);
    String frame = text.substring(0, end);
    return Stream.of(text.substring(end + FRAME_END.length()).split("\n\n"))
        .map(block -> Case.of(file, frame, block));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void mistakesAreReportedWhereTheyAre(Case wrong) {
    assertThat(new ZoneFolder(folder).policy(wrong.policy()).problems())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(placed(wrong.problems()));
    assertThat(PolicySchema.violations(wrong.policy()).isEmpty())
        .as("schema accepts")
        .isEqualTo(!wrong.marked());
  }

  private static List<String> placed(List<String> problems) {
    return problems.stream().map(line -> "example.com.policy.yaml:" + line).toList();
  }

  /** No parser takes it, so that a schema never sees it. */
  @Test
  void aKeyThatIsThereTwiceIsPointedOut() {
    String policy =
        """
        endpoints: { fra: { address: 192.0.2.10 } }
        records:
          w: { geolocation: { DE: fra, DE: fra, default: fra } }
        """;
    assertThat(new ZoneFolder(folder).policy(policy).problems())
        .containsExactly("example.com.policy.yaml:3:32: 'DE' is here twice");
  }

  @Test
  void aNameBelowADelegationIsPointedOut() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write("example.com.zone", ZoneFolder.PLAIN_ZONE + "sub NS ns.example.net.\n")
            .write(
                "example.com.policy.yaml",
                """
                endpoints: { fra: { address: 192.0.2.10 } }
                records:
                  a.sub: { endpoint: fra }
                """);

    assertThat(zone.problems())
        .containsExactly(
            "example.com.policy.yaml:3:3: warning: a.sub.example.com. is never answered:"
                + " sub.example.com. is delegated");
  }
}
