package dev.meridian.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.Observation.Reason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthMonitorTest {
  private final VirtualTime time = new VirtualTime();
  private final HealthRegistry registry = new HealthRegistry();
  private final List<HealthBoard> published = new ArrayList<>();
  private final List<HealthBoard> heard = new ArrayList<>();
  private final HealthMonitor monitor =
      new HealthMonitor(registry, time, time::nanoTime, HealthRules.PLAIN, this::hear, _ -> {});

  /** Boards on which eligibility has changed. */
  private void hear(HealthBoard board) {
    heard.add(board);
    EligibilitySnapshot before =
        published.isEmpty() ? EligibilitySnapshot.ALL : published.getLast().eligibility();
    if (!before.changes(board.eligibility()).isEmpty()) {
      published.add(board);
    }
  }

  private int secondsToDown(String id) {
    return monitor.board().eligibility().secondsToDown(registry.indexOf(id));
  }

  @Test
  void howSoonACheckCouldBeDownIsKnownAndTold() {
    monitor.define(List.of(check("a", Settings.DEFAULT))); // every 10 s, three failures
    assertThat(secondsToDown("a")).isEqualTo(20);
    assertThat(secondsToDown("unknown")).isEqualTo(EligibilitySnapshot.UNFORESEEN);

    observe("a", Reason.CONNECT_REFUSED);
    assertThat(secondsToDown("a")).isEqualTo(10);
    observe("a", Reason.CONNECT_REFUSED);
    assertThat(secondsToDown("a")).as("the next probe may be due at once").isZero();
    int told = heard.size();
    observe("a", Reason.OK);
    assertThat(secondsToDown("a")).isEqualTo(20);
    assertThat(heard).hasSize(told + 1);
    observe("a", Reason.OK);
    assertThat(heard).as("nothing new").hasSize(told + 1);
    assertThat(published).isEmpty();
  }

  @Test
  void aCalculatedCheckCouldBeDownAsSoonAsItsPartsCould() {
    monitor.define(
        List.of(
            check("a", Settings.DEFAULT),
            check("b", Settings.builder().interval(Duration.ofSeconds(30)).build()),
            new HealthCheck(
                "both", null, new CheckKind.Calculated(List.of("a", "b"), 2), Settings.DEFAULT)));
    assertThat(secondsToDown("both")).isEqualTo(20);
    observe("b", Reason.CONNECT_REFUSED);
    observe("b", Reason.CONNECT_REFUSED);
    assertThat(secondsToDown("both")).isZero();
  }

  @Test
  void aNewCheckIsHealthyAndMarkedUnknown() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));

    HealthStatus status = status("a");
    assertThat(status.isHealthy()).isTrue();
    assertThat(status.state().known()).isFalse();
    assertThat(status.since()).isEqualTo(VirtualTime.START);
    assertThat(status.last()).isNull();
    assertThat(published).isEmpty();
  }

  @Test
  void theThirdFailureTakesItDownAndTheThirdPassBringsItBack() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));

    assertThat(observe("a", Reason.CONNECT_REFUSED)).isFalse();
    assertThat(observe("a", Reason.CONNECT_REFUSED)).isFalse();
    assertThat(observe("a", Reason.CONNECT_REFUSED)).isTrue();
    assertThat(eligible("a")).isFalse();
    assertThat(status("a").since()).isEqualTo(VirtualTime.START.plusSeconds(30));

    observe("a", Reason.OK);
    observe("a", Reason.OK);
    assertThat(eligible("a")).isFalse();
    observe("a", Reason.OK);
    assertThat(eligible("a")).isTrue();
    assertThat(published).hasSize(2);
  }

  @Test
  void theListenerHearsOfEligibilityOnlyButTheBoardKnowsEverything() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    HealthBoard before = monitor.board();
    observe("a", Reason.HTTP_STATUS);

    assertThat(published).isEmpty();
    assertThat(monitor.board()).isNotSameAs(before).isSameAs(monitor.board());
    assertThat(requireNonNull(status("a").last()).text()).isEqualTo("Failure: test");
    assertThat(status("a").observedAt()).isEqualTo(time.instant());
    assertThat(requireNonNull(before.status("a")).last()).isNull();
  }

  @Test
  void theLastSixtyResultsOfACheckAreKept() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    for (int i = 0; i < 200; i++) {
      observe("a", i < 197 ? Reason.OK : Reason.CONNECT_REFUSED);
    }

    List<CheckSample> samples = monitor.history().of("a");
    assertThat(samples).hasSize(HealthHistory.LENGTH);
    assertThat(samples.getLast())
        .isEqualTo(
            new CheckSample(time.instant(), Observation.Outcome.FAIL, false, Duration.ofMillis(5)));
    assertThat(samples.subList(0, 57)).allMatch(CheckSample::healthy);
    assertThat(samples.get(58).healthy()).as("one failure is not enough").isTrue();
    assertThat(samples.getFirst().at()).isEqualTo(time.instant().minusSeconds(590));
    monitor.define(List.of());
    assertThat(monitor.history().of("a")).isEmpty();
  }

  @Test
  void localTroubleCountsForNothing() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    observe("a", Reason.CONNECT_REFUSED);
    observe("a", Reason.CONNECT_REFUSED);
    for (int i = 0; i < 100; i++) {
      observe("a", Reason.LOCAL_TROUBLE);
    }

    assertThat(eligible("a")).isTrue();
    assertThat(status("a").state().consecutiveFailures()).isEqualTo(2);
    assertThat(observe("a", Reason.CONNECT_REFUSED)).isTrue();
  }

  /** Route 53's table; a verdict of "none" is a check without data. */
  @ParameterizedTest
  @CsvSource({
    "false, false, none, true",
    "false, true,  none, false",
    "false, false, up,   true",
    "false, true,  up,   false",
    "false, false, down, false",
    "false, true,  down, true",
    "true,  false, up,   true",
    "true,  false, down, true",
    "true,  true,  up,   false",
    "true,  true,  down, false",
  })
  void disabledAndInvertedHaveTheirSay(
      boolean disabled, boolean inverted, String verdict, boolean healthy) {
    Settings settings =
        Settings.builder()
            .failureThreshold(1)
            .successThreshold(1)
            .disabled(disabled)
            .inverted(inverted)
            .build();
    monitor.define(List.of(check("a", settings)));
    if (!verdict.equals("none")) {
      observe("a", verdict.equals("up") ? Reason.OK : Reason.CONNECT_REFUSED);
    }

    assertThat(status("a").isHealthy()).isEqualTo(healthy);
    assertThat(eligible("a")).isEqualTo(healthy);
  }

  @Test
  void aForcedDownCheckIsPublishedWhenDefined() {
    monitor.define(List.of(check("a", Settings.builder().disabled(true).inverted(true).build())));

    assertThat(published).hasSize(1);
    assertThat(published.getFirst().eligibility().isEligible(registry.indexOf("a"))).isFalse();
  }

  @Test
  void anEqualDefinitionKeepsCounting() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    observe("a", Reason.CONNECT_REFUSED);
    observe("a", Reason.CONNECT_REFUSED);

    monitor.define(List.of(check("a", Settings.DEFAULT), check("b", Settings.DEFAULT)));

    assertThat(observe("a", Reason.CONNECT_REFUSED)).isTrue();
  }

  @Test
  void aChangedDefinitionKeepsTheVerdictAndCountsAnew() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    for (int i = 0; i < 3; i++) {
      observe("a", Reason.CONNECT_REFUSED);
    }
    observe("a", Reason.OK);
    observe("a", Reason.OK);

    monitor.define(List.of(check("a", Settings.builder().failureThreshold(5).build())));

    assertThat(eligible("a")).isFalse();
    assertThat(status("a").since()).isEqualTo(VirtualTime.START.plusSeconds(30));
    observe("a", Reason.OK);
    observe("a", Reason.OK);
    assertThat(eligible("a")).isFalse();
    observe("a", Reason.OK);
    assertThat(eligible("a")).isTrue();
  }

  @Test
  void aResultFromBeforeTheDefinitionIsDiscarded() {
    monitor.define(List.of(check("a", Settings.builder().failureThreshold(1).build())));
    Observation old = observation(Reason.CONNECT_REFUSED);
    time.advance(Duration.ofSeconds(1));
    monitor.define(
        List.of(check("a", Settings.builder().failureThreshold(1).successThreshold(1).build())));

    assertThat(monitor.observe(registry.indexOf("a"), old)).isFalse();
    assertThat(eligible("a")).isTrue();
    assertThat(status("a").last()).isNull();
  }

  @Test
  void aRemovedCheckIsForgottenButAnswersThatStillUseItSeeNoChange() {
    monitor.define(List.of(check("a", Settings.builder().failureThreshold(1).build())));
    observe("a", Reason.CONNECT_REFUSED);

    monitor.define(List.of());

    assertThat(monitor.board().status("a")).isNull();
    assertThat(eligible("a")).isFalse();
    assertThat(observe("a", Reason.OK)).isFalse();

    monitor.define(List.of(check("a", Settings.DEFAULT)));
    assertThat(eligible("a")).isTrue();
    assertThat(status("a").state()).isEqualTo(Hysteresis.State.INITIAL);
  }

  @Test
  void conflictingDefinitionsChangeNothing() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    HealthBoard before = monitor.board();

    assertThatThrownBy(
            () ->
                monitor.define(
                    List.of(
                        check("b", Settings.DEFAULT),
                        check("b", Settings.builder().inverted(true).build()))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(monitor.board()).isSameAs(before);
  }

  @Test
  void aStepOfTheWallClockChangesNoVerdict() {
    monitor.define(List.of(check("a", Settings.DEFAULT)));
    observe("a", Reason.CONNECT_REFUSED);
    time.stepWallClock(Duration.ofDays(-365));
    observe("a", Reason.CONNECT_REFUSED);

    assertThat(observe("a", Reason.CONNECT_REFUSED)).isTrue();
  }

  @Test
  void theBoardFindsChecksByNumberAndById() {
    registry.indexOf("gap");
    monitor.define(
        List.of(
            check("c", Settings.DEFAULT),
            check("a", Settings.DEFAULT),
            check("b", Settings.DEFAULT)));

    HealthBoard board = monitor.board();
    assertThat(board.statuses()).extracting(HealthStatus::id).containsExactly("c", "a", "b");
    for (HealthStatus status : board.statuses()) {
      assertThat(board.status(status.index())).isSameAs(status);
      assertThat(board.status(status.id())).isSameAs(status);
    }
    assertThat(board.status(registry.indexOf("gap"))).isNull();
    assertThat(board.status(99)).isNull();
    assertThat(board.status("gap")).isNull();
  }

  private HealthStatus status(String id) {
    return requireNonNull(monitor.board().status(id));
  }

  private boolean eligible(String id) {
    return monitor.board().eligibility().isEligible(registry.indexOf(id));
  }

  /** One interval passes, then the result comes in. */
  private boolean observe(String id, Reason reason) {
    time.advance(Duration.ofSeconds(10));
    return monitor.observe(registry.indexOf(id), observation(reason));
  }

  private Observation observation(Reason reason) {
    return new Observation(reason, "test", time.nanoTime(), Duration.ofMillis(5));
  }

  private static HealthCheck check(String id, Settings settings) {
    return new HealthCheck(id, InetAddress.ofLiteral("127.0.0.1"), new CheckKind.Tcp(80), settings);
  }
}
