package dev.meridian.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthOverride.Action;
import dev.meridian.health.Observation.Reason;
import dev.meridian.health.Standing.Cause;
import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands between verdicts and answers. */
class HealthPipelineTest {
  private static final Settings AT_ONCE =
      Settings.builder().failureThreshold(1).successThreshold(1).build();

  private final VirtualTime time = new VirtualTime();
  private final HealthRegistry registry = new HealthRegistry();
  private final List<HealthEvent> events = new ArrayList<>();
  private final HealthMonitor monitor = monitor(HealthRules.DEFAULT);

  private HealthMonitor monitor(HealthRules rules) {
    return new HealthMonitor(registry, time, time::nanoTime, rules, _ -> {}, events::add);
  }

  @ParameterizedTest
  @CsvSource({
    // needed, failed parts of 3, inverted, healthy
    "0, 3, false, true",
    "1, 2, false, true",
    "1, 3, false, false",
    "2, 1, false, true",
    "2, 2, false, false",
    "3, 0, false, true",
    "3, 1, false, false",
    "4, 0, false, false",
    "3, 0, true,  false",
    "3, 1, true,  true",
  })
  void aCalculatedCheckCountsItsParts(int needed, int failed, boolean inverted, boolean healthy) {
    Settings settings = Settings.builder().inverted(inverted).build();
    monitor.define(
        List.of(calculated("sum", needed, settings, "a", "b", "c"), tcp("a"), tcp("b"), tcp("c")));
    List.of("a", "b", "c").subList(0, failed).forEach(id -> observe(id, Reason.HTTP_STATUS));

    assertThat(eligible("sum")).isEqualTo(healthy);
  }

  @Test
  void aChangeClimbsThroughCalculatedChecksWithinOneResult() {
    monitor.define(
        List.of(
            calculated("top", 1, Settings.DEFAULT, "middle"),
            calculated("middle", 1, Settings.DEFAULT, "a"),
            tcp("a")));

    observe("a", Reason.HTTP_STATUS);

    assertThat(events)
        .extracting(event -> ((HealthEvent.Changed) event).id())
        .containsExactly("a", "middle", "top");
    assertThat(status("top").standing())
        .isEqualTo(new Standing(false, false, Cause.CALCULATED, "0 of 1 healthy, 1 needed"));
  }

  @Test
  void disabledPartsCountAsTheirStatus() {
    Settings disabled = Settings.builder().disabled(true).build();
    Settings forcedDown = Settings.builder().disabled(true).inverted(true).build();
    monitor.define(
        List.of(
            tcp("a", disabled),
            tcp("b", forcedDown),
            calculated("one", 1, Settings.DEFAULT, "a", "b"),
            calculated("both", 2, Settings.DEFAULT, "a", "b")));

    assertThat(eligible("one")).isTrue();
    assertThat(eligible("both")).isFalse();
  }

  @Test
  @Rfc(number = 2439, sections = "4.2")
  void aTargetThatComesAndGoesIsHeldDownUntilItStays() {
    monitor.define(List.of(tcp("a")));
    int flaps = 0;
    while (status("a").standing().cause() != Cause.DAMPING) {
      flap(5);
      flaps++;
    }
    assertThat(flaps).isEqualTo(4); // 1000 each, a little of it decayed: the third is below 3000
    int before = events.size();
    for (int i = 0; i < 60; i++) {
      flap(12);
    }
    assertThat(events).hasSize(before);
    assertThat(eligible("a")).isFalse();

    time.advance(Damping.DEFAULT.longestHold().plusSeconds(1));
    monitor.tick();
    assertThat(eligible("a")).isTrue();
  }

  private void flap(int passes) {
    observe("a", Reason.HTTP_STATUS);
    for (int i = 0; i < passes; i++) {
      observe("a", Reason.OK);
    }
  }

  @Test
  void whenEverythingFailsAtOnceOnlyAFifthGoesWithinAMinute() {
    List<String> ids = IntStream.range(0, 100).mapToObj(i -> "check-" + i).toList();
    monitor.define(ids.stream().map(HealthPipelineTest::tcp).toList());
    ids.forEach(id -> observe(id, Reason.CONNECT_TIMEOUT, Duration.ZERO));

    assertThat(healthy()).isEqualTo(80);
    assertThat(monitor.board().statuses())
        .filteredOn(status -> status.standing().cause() == Cause.GUARD)
        .hasSize(80);
    for (int minute = 1; minute <= 4; minute++) {
      time.advance(Duration.ofSeconds(61));
      monitor.tick();
      assertThat(healthy()).isEqualTo(80 - 20 * minute);
    }
  }

  @Test
  void aNewProcessLetsNoMoreGoInTheSameMinute() {
    List<HealthCheck> checks = IntStream.range(0, 100).mapToObj(i -> tcp("check-" + i)).toList();
    monitor.define(checks);
    checks.forEach(check -> observe(check.id(), Reason.CONNECT_TIMEOUT, Duration.ZERO));
    assertThat(healthy()).isEqualTo(80);

    time.advance(Duration.ofSeconds(30));
    HealthMemory memory = HealthMemory.of(monitor.board(), Map.of(), time.instant());
    HealthMonitor next = monitor(HealthRules.DEFAULT);
    next.recall(memory.checks(), memory.overrides());
    next.define(checks);
    assertThat(healthy(next)).isEqualTo(80);
    time.advance(Duration.ofSeconds(31));
    next.tick();
    assertThat(healthy(next)).isEqualTo(60);
  }

  @Test
  void comingBackIsNeverHeld() {
    List<String> ids = IntStream.range(0, 100).mapToObj(i -> "check-" + i).toList();
    monitor.define(ids.stream().map(HealthPipelineTest::tcp).toList());
    ids.forEach(id -> observe(id, Reason.CONNECT_TIMEOUT, Duration.ZERO));
    ids.forEach(id -> observe(id, Reason.OK, Duration.ZERO));

    assertThat(healthy()).isEqualTo(100);
  }

  @Test
  void fewChecksAreNotGuarded() {
    monitor.define(List.of(tcp("a"), tcp("b"), tcp("c"), tcp("d"), tcp("e")));
    List.of("a", "b", "c", "d", "e").forEach(id -> observe(id, Reason.OK, Duration.ZERO));
    List.of("a", "b", "c", "d", "e").forEach(id -> observe(id, Reason.HTTP_STATUS, Duration.ZERO));

    assertThat(healthy()).isZero();
  }

  @Test
  void anOverrideDecidesUntilItEnds() {
    monitor.define(List.of(tcp("example.com/fra-1/192.0.2.10")));
    monitor.override(List.of(override("fra-1", Action.DOWN, Duration.ofHours(4))));

    assertThat(healthy()).isZero();
    assertThat(status("example.com/fra-1/192.0.2.10").standing().reason())
        .isEqualTo("down by ann: test");
    time.advance(Duration.ofHours(4));
    monitor.tick();
    assertThat(healthy()).isEqualTo(1);
    assertThat(monitor.board().overrides()).isEmpty();
  }

  @Test
  void aStepOfTheWallClockEndsNoOverride() {
    monitor.define(List.of(tcp("a")));
    monitor.override(List.of(override("a", Action.DOWN, Duration.ofHours(4))));
    time.stepWallClock(Duration.ofDays(3650));
    monitor.tick();

    assertThat(eligible("a")).isFalse();
  }

  @Test
  void drainingTakesOutOfAnswersButNotOutOfCalculatedChecks() {
    monitor.define(List.of(tcp("a"), calculated("sum", 1, Settings.DEFAULT, "a")));
    monitor.override(List.of(override("a", Action.DRAIN, null)));
    assertThat(eligible("a")).isFalse();
    assertThat(eligible("sum")).isTrue();

    observe("a", Reason.HTTP_STATUS);
    assertThat(eligible("sum")).isFalse();

    monitor.override(List.of(override("a", Action.UP, null)));
    assertThat(eligible("a")).isTrue();
    assertThat(eligible("sum")).isTrue();
  }

  @Test
  void aFrozenCheckStaysAsItIsAndThawsToTheVerdict() {
    monitor.define(List.of(tcp("a")));
    monitor.override(List.of(override("*", Action.FREEZE, null)));
    observe("a", Reason.HTTP_STATUS);
    assertThat(eligible("a")).isTrue();

    monitor.override(List.of());
    assertThat(eligible("a")).isFalse();
  }

  @Test
  void whatTheFileDecidesStandsAboveCommandsAndIsKeptByTheFileAlone() {
    monitor.define(List.of(tcp("a"), tcp("b")));
    HealthOverride over = override("b", Action.DOWN, Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(2));
    monitor.overrideByFile(List.of(byFile(override("a", Action.DOWN, null)), byFile(over)));
    monitor.override(List.of(override("a", Action.UP, null)));

    assertThat(eligible("a")).isFalse();
    assertThat(eligible("b")).isTrue();
    assertThat(HealthMemory.of(monitor.board(), Map.of(), time.instant()).overrides())
        .extracting(HealthOverride::action)
        .containsExactly(Action.UP);

    monitor.overrideByFile(List.of());
    assertThat(eligible("a")).isTrue();
  }

  private static HealthOverride byFile(HealthOverride override) {
    return new HealthOverride(
        override.selector(),
        override.action(),
        override.author(),
        override.reason(),
        override.since(),
        override.expires(),
        HealthOverride.Origin.FILE);
  }

  @Test
  void ofSeveralOverridesTheLastDecides() {
    monitor.define(List.of(tcp("a"), tcp("b")));
    monitor.override(List.of(override("*", Action.DOWN, null), override("a", Action.UP, null)));

    assertThat(eligible("a")).isTrue();
    assertThat(eligible("b")).isFalse();
  }

  @Test
  void afterARestartEverythingIsAsItWasBeforeTheFirstProbe() {
    Settings three = Settings.DEFAULT;
    monitor.define(List.of(tcp("a", three), tcp("b", three)));
    for (int i = 0; i < 3; i++) {
      observe("a", Reason.HTTP_STATUS);
    }
    observe("b", Reason.HTTP_STATUS);
    observe("b", Reason.HTTP_STATUS);
    HealthMemory memory = HealthMemory.of(monitor.board(), Map.of(), time.instant());

    HealthMonitor next = monitor(HealthRules.DEFAULT);
    next.recall(memory.checks(), memory.overrides());
    next.define(List.of(tcp("a", three), tcp("b", three)));

    assertThat(next.board().eligibility().isEligible(registry.indexOf("a"))).isFalse();
    assertThat(next.board().eligibility().isEligible(registry.indexOf("b"))).isTrue();
    assertThat(requireNonNull(next.board().status("b")).state().consecutiveFailures()).isEqualTo(2);
    assertThat(requireNonNull(next.board().status("a")).since()).isEqualTo(status("a").since());
  }

  @Test
  void anotherDefinitionAfterARestartKeepsTheVerdictAndCountsAnew() {
    Remembered down =
        new Remembered(
            1,
            new Hysteresis.State(false, true, 2, 0, 0b11100),
            false,
            0,
            false,
            false,
            false,
            VirtualTime.START);
    monitor.recall(Map.of("a", down), List.of());
    monitor.define(List.of(tcp("a", Settings.DEFAULT)));

    assertThat(eligible("a")).isFalse();
    assertThat(status("a").state()).isEqualTo(new Hysteresis.State(false, true, 0, 0, 0));
  }

  private static HealthCheck tcp(String id) {
    return tcp(id, AT_ONCE);
  }

  private static HealthCheck tcp(String id, Settings settings) {
    return new HealthCheck(id, InetAddress.ofLiteral("127.0.0.1"), new CheckKind.Tcp(80), settings);
  }

  private static HealthCheck calculated(
      String id, int healthy, Settings settings, String... parts) {
    return new HealthCheck(id, null, new CheckKind.Calculated(List.of(parts), healthy), settings);
  }

  private HealthOverride override(String selector, Action action, @Nullable Duration lasts) {
    return new HealthOverride(
        selector,
        action,
        "ann",
        "test",
        time.instant(),
        lasts == null ? null : time.instant().plus(lasts));
  }

  private void observe(String id, Reason reason) {
    observe(id, reason, Duration.ofSeconds(10));
  }

  private void observe(String id, Reason reason, Duration after) {
    time.advance(after);
    monitor.observe(
        registry.indexOf(id), new Observation(reason, "test", time.nanoTime(), Duration.ZERO));
  }

  private boolean eligible(String id) {
    return monitor.board().eligibility().isEligible(registry.indexOf(id));
  }

  private long healthy() {
    return healthy(monitor);
  }

  private static long healthy(HealthMonitor monitor) {
    return monitor.board().statuses().stream().filter(HealthStatus::isHealthy).count();
  }

  private HealthStatus status(String id) {
    return requireNonNull(monitor.board().status(id));
  }
}
