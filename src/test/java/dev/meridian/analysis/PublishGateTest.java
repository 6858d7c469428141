package dev.meridian.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.analysis.PublishGate.Limits;
import dev.meridian.analysis.PublishGate.Reason;
import dev.meridian.config.GateRule;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.Pushes;
import dev.meridian.testkit.Rfc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Pushes that are free of errors: disasters are stopped, what people do every day is not. */
class PublishGateTest {
  @TempDir private Path root;

  /** Endpoint a is down at this moment. */
  private List<Reason> push(Map<String, String> files) {
    Folders folders = new Folders(root);
    Revision before = folders.of(Pushes.before());
    Revision after = folders.of(files);
    assertThat(before.isWrong()).as(before.problems().toString()).isFalse();
    assertThat(after.compiled()).as(after.problems().toString()).isNotNull();
    AssumedHealth health = new AssumedHealth(before.set().checks(), before.registry());
    EligibilitySnapshot live = health.eligibility(health.matching("a"));
    return new PublishGate(Limits.DEFAULT).judge(before, after, live);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvFileSource(resources = "/gate/disasters.csv", delimiter = '|', quoteCharacter = '\'')
  @Rfc(number = 1982, sections = "3.2")
  @Rfc(number = 6890, sections = "2.2.2")
  void aDisasterIsHeldBack(String what, String rule, String file, String from, String to) {
    List<Reason> reasons = push(Pushes.after(file, from, to));

    assertThat(reasons.stream().map(Reason::rule).map(GateRule::word)).as(what).contains(rule);
  }

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/gate/everyday.csv", delimiter = '|', quoteCharacter = '\'')
  void whatPeopleDoEveryDayPasses(String what, String file, String from, String to) {
    assertThat(push(Pushes.after(file, from, to))).as(what).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0/1, true", "1.2.3.0/24, false"})
  void aGeoDatabaseIsHeldBackIfTooManyClientsWouldMove(String network, boolean held) {
    Folders folders = new Folders(root);
    folders.world(GeoFixture.database(List.of(network + " FR 48.9,2.4", "2000::/3 JP 35.7,139.7")));
    Revision before = folders.of(Pushes.before());
    folders.world(GeoFixture.database(List.of(network + " DE 50.1,8.7", "2000::/3 JP 35.7,139.7")));
    Map<String, String> files = Pushes.before();
    files.remove("tests/example.org.yaml");
    Revision after = folders.of(files);

    assertThat(
            new PublishGate(Limits.DEFAULT)
                .judge(before, after, EligibilitySnapshot.ALL).stream().map(Reason::rule).toList())
        .isEqualTo(held ? List.of(GateRule.GEO_MOVES_TOO_MUCH) : List.of());
  }

  @Test
  void aReasonNamesTheTestThatFails() {
    Map<String, String> files =
        Pushes.after("example.org.policy.yaml", "FR: a, default: b", "FR: b, default: a");

    assertThat(push(files))
        .filteredOn(reason -> reason.rule() == GateRule.TEST_FAILS)
        .singleElement()
        .extracting(reason -> reason.place().toString())
        .isEqualTo("tests/example.org.yaml:2:5");
  }
}
