package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.LatencyTable;
import dev.meridian.policyfile.AnswerReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The zones that the default run serves are in order, by our own judgement and by others'. */
class ExampleZonesTest {
  private static final Path ZONES = Path.of("zones");
  private static final Path POLICY = ZONES.resolve("example.com.policy.yaml");

  @Test
  void theyLoadWithoutAProblem() {
    LoadedSet set = new ZoneFolder(ZONES).load();

    assertThat(set.problems().list()).isEmpty();
    assertThat(set.zones()).hasSize(2);
  }

  @Test
  void theExamplePolicyUsesEveryKeyword() throws IOException {
    String text = Files.readString(POLICY);

    assertThat(AnswerReader.KEYS).allSatisfy(keyword -> assertThat(text).contains(keyword + ":"));
  }

  @Test
  void theExamplePolicyFitsTheSchemaItNames() throws IOException {
    String text = Files.readString(POLICY);
    Matcher reference = Pattern.compile("\\$schema=(\\S+)").matcher(text);

    assertThat(reference.find()).isTrue();
    assertThat(ZONES.resolve(reference.group(1))).exists();
    assertThat(PolicySchema.violations(text)).isEmpty();
  }

  @Test
  void theExampleTestsFitTheSchemaTheyName() throws IOException {
    try (Stream<Path> files = Files.list(ZONES.resolve("tests"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".yaml")))
          .isNotEmpty()
          .allSatisfy(
              file -> {
                String text = Files.readString(file);
                Matcher reference = Pattern.compile("\\$schema=(\\S+)").matcher(text);
                assertThat(reference.find()).isTrue();
                assertThat(file.resolveSibling(reference.group(1))).exists();
                assertThat(PolicySchema.violationsInTests(text)).isEmpty();
              });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tests: [{ ask: www.example.com, anwser: fra-1, rcode: NOERROR }] | anwser",
        "{ tests: [{ ask: www.example.com, answer: a }], more: 1 }        | more",
        "tests: [{ ask: www.example.com }]                                | answer",
        "tests: [{ ask: www.example.com, ttl: soon }]                     | ttl",
        "tests: [{ answer: a }]                                           | ask",
        "tests: [{ ask: www.example.com, share: { a: half } }]            | share",
      })
  void theSchemaOfTestsRefusesWhatTheirReaderDoes(String yaml, String about) {
    assertThat(PolicySchema.violationsInTests(yaml))
        .anySatisfy(violation -> assertThat(violation).contains(about));
  }

  @Test
  void theLatencyTableCanBeRead() {
    assertThat(LatencyTable.load(ZONES.resolve("latency.csv")).isEmpty()).isFalse();
  }

  @ParameterizedTest(name = "{0} reads {2}")
  @CsvSource({
    "named-checkzone, bind9-utils, example.com",
    "named-checkzone, bind9-utils, example.net",
    "nsd-checkzone, nsd, example.com",
    "nsd-checkzone, nsd, example.net",
    "kzonecheck, knot-dnssecutils, example.com",
    "kzonecheck, knot-dnssecutils, example.net",
  })
  void otherToolsReadTheMasterFiles(String checker, String debianPackage, String zone)
      throws Exception {
    String file = ZONES.resolve(zone + ".zone").toString();
    List<String> command =
        checker.equals("kzonecheck")
            ? List.of(checker, "-o", zone, file)
            : List.of(checker, zone, file);
    Process check;
    try {
      check = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort(checker + " (" + debianPackage + ") is not installed");
      return;
    }
    String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(check.exitValue()).as(output).isZero();
  }
}
