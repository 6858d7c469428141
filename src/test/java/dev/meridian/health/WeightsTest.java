package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthOverride.Action;
import dev.meridian.health.Observation.Reason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much answers take: by slow start, and by what people decide. */
class WeightsTest {
  private static final Duration SPAN = Duration.ofSeconds(60);
  private static final Settings SLOW =
      Settings.builder().failureThreshold(1).successThreshold(1).slowStart(SPAN).build();

  private final VirtualTime time = new VirtualTime();
  private final HealthRegistry registry = new HealthRegistry();
  private final List<EligibilitySnapshot> published = new ArrayList<>();
  private HealthMonitor monitor = monitor();

  private HealthMonitor monitor() {
    return new HealthMonitor(
        registry,
        time,
        time::nanoTime,
        HealthRules.PLAIN,
        board -> published.add(board.eligibility()),
        _ -> {});
  }

  @Test
  void whatCameBackTakesATenthMoreEverySixSeconds() {
    define();
    assertThat(weight("a")).isNull(); // it did not come back, it is new
    observe("a", Reason.HTTP_STATUS);
    observe("a", Reason.OK);

    List<String> seen = new ArrayList<>();
    for (int second = 0; second < 70; second++) {
      monitor.tick();
      String word = weight("a");
      if (seen.isEmpty() || !seen.getLast().equals(String.valueOf(word))) {
        seen.add(String.valueOf(word));
      }
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(seen)
        .containsExactly("10%", "20%", "30%", "40%", "50%", "60%", "70%", "80%", "90%", "null");
  }

  @Test
  void everyStepIsPublishedOnceAndNothingInBetween() {
    define();
    observe("a", Reason.HTTP_STATUS);
    observe("a", Reason.OK);
    published.clear();
    for (int tick = 0; tick < 700; tick++) {
      time.advance(Duration.ofMillis(100));
      monitor.tick();
    }
    assertThat(published).hasSize(9);
  }

  @Test
  void whatGoesDownAgainBeginsAnew() {
    define();
    observe("a", Reason.HTTP_STATUS);
    observe("a", Reason.OK);
    time.advance(Duration.ofSeconds(50));
    observe("a", Reason.OK);
    assertThat(weight("a")).isEqualTo("90%");

    observe("a", Reason.HTTP_STATUS);
    assertThat(weight("a")).isNull();
    observe("a", Reason.OK);
    observe("a", Reason.OK); // once for each outage
    assertThat(weight("a")).isEqualTo("10%");
  }

  @Test
  void aPersonWhoSaysUpMeansAtOnceAndTheEndOfADrainIsAReturn() {
    define();
    observe("a", Reason.HTTP_STATUS);
    override("a", Action.UP);
    assertThat(weight("a")).isNull();

    override("a", Action.DRAIN);
    observe("a", Reason.OK);
    monitor.override(List.of());
    assertThat(weight("a")).isEqualTo("10%");
  }

  @Test
  void aSlowStartGoesOnOverARestart() {
    define();
    observe("a", Reason.HTTP_STATUS);
    observe("a", Reason.OK);
    time.advance(Duration.ofSeconds(13));
    HealthMemory kept = HealthMemory.of(monitor.board(), Map.of(), time.instant());

    time.advance(Duration.ofSeconds(20));
    monitor = monitor();
    monitor.recall(kept.checks(), kept.overrides());
    define();
    assertThat(weight("a")).isEqualTo("60%");
    assertThat(weight("b")).isNull();
  }

  @Test
  void aPersonsWeightStandsAboveSlowStartAndLeavesHealthAlone() {
    define();
    override("a", Action.weight(Weight.parse("5")));
    observe("a", Reason.HTTP_STATUS);
    assertThat(eligible("a")).isFalse();
    observe("a", Reason.OK);
    assertThat(eligible("a")).isTrue();
    assertThat(weight("a")).isEqualTo("5");
    assertThat(weight("b")).isNull();

    monitor.override(List.of());
    assertThat(weight("a")).isEqualTo("10%");
  }

  @Test
  void ofSeveralTheLastDecidesForHealthAndWeightApart() {
    define();
    monitor.override(
        List.of(
            by("a", Action.weight(Weight.parse("30%"))),
            by("*", Action.DOWN),
            by("*", Action.weight(Weight.parse("20%")))));
    assertThat(eligible("a")).isFalse();
    assertThat(weight("a")).isEqualTo("20%");
  }

  @Test
  void aWeightEndsAtItsTime() {
    define();
    monitor.override(
        List.of(
            new HealthOverride(
                "a",
                Action.weight(Weight.parse("0")),
                "ann",
                "new",
                time.instant(),
                time.instant().plusSeconds(60))));
    assertThat(weight("a")).isEqualTo("0");
    time.advance(Duration.ofSeconds(60));
    monitor.tick();
    assertThat(weight("a")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "weight=5,           5,          100, 500",
    "weight=0,           0,          0,   0",
    "weight=4294967295,  4294967295, 100, 429496729500",
    "weight=10%,         10%,        10,  30",
    "weight=100%,        100%,       100, 300",
  })
  void aWeightIsANumberOrAPart(String text, String word, int percent, long hundredthsOfThree) {
    Action action = Action.parse(text);
    assertThat(action.word()).isEqualTo(text);
    Weight weight = java.util.Objects.requireNonNull(action.weight());
    assertThat(weight.word()).isEqualTo(word);
    assertThat(weight.percent()).isEqualTo(percent);
    assertThat(weight.hundredths(3)).isEqualTo(hundredthsOfThree);
  }

  @ParameterizedTest
  @CsvSource({"weight=", "weight=-1", "weight=4294967296", "weight=101%", "weight=1.5", "weight"})
  void anythingElseIsNone(String text) {
    assertThatThrownBy(() -> Action.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private void define() {
    monitor.define(List.of(check("a"), check("b")));
  }

  private static HealthCheck check(String id) {
    return new HealthCheck(id, InetAddress.ofLiteral("127.0.0.1"), new CheckKind.Tcp(80), SLOW);
  }

  private void observe(String id, Reason reason) {
    monitor.observe(
        registry.indexOf(id), new Observation(reason, "", time.nanoTime(), Duration.ZERO));
  }

  private void override(String selector, Action action) {
    monitor.override(List.of(by(selector, action)));
  }

  private HealthOverride by(String selector, Action action) {
    return new HealthOverride(selector, action, "ann", "why", time.instant(), null);
  }

  private boolean eligible(String id) {
    return monitor.board().eligibility().isEligible(registry.indexOf(id));
  }

  private @Nullable String weight(String id) {
    Weight weight = monitor.board().eligibility().weight(registry.indexOf(id));
    return weight == null ? null : weight.word();
  }
}
