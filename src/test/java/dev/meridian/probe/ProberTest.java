package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import dev.meridian.testkit.Check;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The schedule, in virtual time: nothing is connected and nothing waits. */
class ProberTest {
  private static final int TICK_MILLIS = 5;

  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final EventExecutor executor = clock.eventLoop();
  private final HealthRegistry registry = new HealthRegistry();
  private final List<Observation> observations = new ArrayList<>();
  private final List<Started> started = new ArrayList<>();
  private final long begin;
  private final Prober prober;

  private record Started(
      String id, long millis, Duration budget, Consumer<Observation> done, AtomicBoolean aborted) {}

  ProberTest() {
    clock.freezeTime();
    begin = executor.ticker().nanoTime();
    prober =
        new Prober(
            executor, registry, this::start, (index, observation) -> observations.add(observation));
  }

  @Test
  void everyCheckIsProbedWithinTheFirstSecond() {
    prober.define(checks(200, Settings.DEFAULT));
    assertThat(started).isEmpty();
    run(Duration.ofSeconds(1));

    assertThat(started).extracting(Started::id).hasSize(200).doesNotHaveDuplicates();
    assertThat(started.getLast().millis - started.getFirst().millis).isGreaterThan(500);
  }

  @Test
  void theFirstRoundOfManyChecksIsSpreadOverMoreTime() {
    prober.define(checks(5000, Settings.DEFAULT));
    run(Duration.ofSeconds(1));

    assertThat(started).hasSizeBetween(500, 1500);
    run(Duration.ofSeconds(4));
    assertThat(started).extracting(Started::id).contains("check-0", "check-4999");
    assertThat(started.stream().map(Started::id).distinct()).hasSize(5000);
  }

  @Test
  void aCheckIsProbedOncePerIntervalInItsPhase() {
    prober.define(checks(20, Settings.DEFAULT));
    run(Duration.ofSeconds(60));

    timesById()
        .forEach(
            (id, times) -> {
              assertThat(times.get(1) - times.get(0)).isBetween(4000L, 14_000L);
              for (int i = 2; i < times.size(); i++) {
                assertThat(times.get(i) - times.get(i - 1))
                    .as(id)
                    .isBetween(10_000L - TICK_MILLIS, 10_000L + TICK_MILLIS);
              }
            });
    assertThat(started).hasSizeBetween(20 * 6, 20 * 7);
  }

  @Test
  void phasesOfSimilarIdsAreSpreadOverTheInterval() {
    prober.define(checks(1000, Settings.DEFAULT));
    run(Duration.ofSeconds(20));
    started.clear();
    run(Duration.ofSeconds(10));

    long[] perSecond = new long[10];
    for (Started each : started) {
      perSecond[(int) (each.millis / 1000 % 10)]++;
    }
    assertThat(started).hasSizeBetween(995, 1005);
    assertThat(Arrays.stream(perSecond)).allMatch(count -> count > 50 && count < 150);
  }

  @Test
  @Check("S85")
  void failingChecksAreProbedNoMoreOftenThanPassingOnes() {
    List<HealthCheck> checks = checks(50, Settings.DEFAULT);
    prober.define(checks);
    run(Duration.ofSeconds(30));
    int before = started.size();
    started.forEach(each -> each.done.accept(observation(Reason.CONNECT_REFUSED)));
    run(Duration.ofSeconds(30));

    assertThat(started.size() - before).isBetween(50 * 3 - 5, 50 * 3 + 5);
  }

  @Test
  void aProbeIsOverBeforeTheNextOneEvenIfTheTimeoutIsTheInterval() {
    Duration second = Duration.ofSeconds(1);
    prober.define(checks(10, Settings.builder().interval(second).timeout(second).build()));
    run(Duration.ofSeconds(20));

    timesById()
        .forEach(
            (id, times) ->
                assertThat(times).as("no turn of %s is left out", id).hasSizeBetween(19, 21));
    assertThat(started).allMatch(each -> each.budget.compareTo(second) < 0);
    assertThat(started).allMatch(each -> each.budget.toMillis() > 950);
  }

  @Test
  void aTimeoutThatOurOwnLatenessCutShortIsNoVerdict() {
    startLate(Duration.ofMillis(500));

    assertThat(started).hasSize(1);
    assertThat(started.getFirst().budget.toMillis()).isLessThan(500);
    for (Reason reason :
        List.of(Reason.CONNECT_TIMEOUT, Reason.RESPONSE_TIMEOUT, Reason.CONNECT_REFUSED)) {
      started.getFirst().done.accept(observation(reason));
    }
    assertThat(observations)
        .extracting(Observation::reason)
        .containsExactly(Reason.CHECKER_STALLED, Reason.CHECKER_STALLED, Reason.CONNECT_REFUSED);
  }

  @Test
  void aTimeoutIsAFailureIfNextToNothingWasCut() {
    startLate(Duration.ofMillis(5));

    started.getFirst().done.accept(observation(Reason.RESPONSE_TIMEOUT));
    assertThat(observations)
        .singleElement()
        .extracting("reason")
        .isEqualTo(Reason.RESPONSE_TIMEOUT);
  }

  @Test
  void aTurnWithNoTimeLeftIsSkipped() {
    startLate(Duration.ofMillis(990));

    assertThat(started).isEmpty();
    assertThat(observations).singleElement().extracting("reason").isEqualTo(Reason.CHECKER_STALLED);
  }

  /** Takes a later turn of a check whose timeout is its interval, so late after its time. */
  private void startLate(Duration late) {
    Duration second = Duration.ofSeconds(1);
    prober.define(checks(1, Settings.builder().interval(second).timeout(second).build()));
    run(Duration.ofSeconds(5));
    long untilNext = 1000 - (now() - started.getLast().millis);
    started.clear();
    clock.advanceTimeBy(untilNext + late.toMillis() - TICK_MILLIS, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
  }

  private long now() {
    return (executor.ticker().nanoTime() - begin) / 1_000_000;
  }

  @Test
  void afterAStallTurnsAreSkippedAndNotMadeUpFor() {
    prober.define(checks(100, Settings.DEFAULT));
    run(Duration.ofSeconds(20));
    started.clear();
    clock.advanceTimeBy(30, TimeUnit.SECONDS);
    clock.runScheduledPendingTasks();

    assertThat(started.size()).isLessThan(20);
    assertThat(observations).hasSizeGreaterThan(80);
    assertThat(observations).allMatch(each -> each.reason() == Reason.CHECKER_STALLED);
    assertThat(observations).allMatch(each -> each.outcome() == Outcome.UNKNOWN);
    started.clear();
    run(Duration.ofSeconds(10));
    assertThat(started).hasSizeBetween(95, 105);
  }

  @Test
  void redefiningLeavesEqualChecksAlone() {
    List<HealthCheck> checks = checks(10, Settings.DEFAULT);
    prober.define(checks);
    run(Duration.ofSeconds(30));
    for (int i = 0; i < 30; i++) {
      prober.define(checks(10, Settings.DEFAULT));
      run(Duration.ofSeconds(1));
    }

    timesById().forEach((id, times) -> assertThat(times).as(id).hasSizeBetween(6, 7));
    assertThat(started).noneMatch(each -> each.aborted.get());
  }

  @Test
  void aRemovedCheckStopsAndItsRunningProbeIsDropped() {
    prober.define(checks(2, Settings.DEFAULT));
    run(Duration.ofSeconds(1));
    prober.define(checks(1, Settings.DEFAULT));
    started.clear();
    run(Duration.ofSeconds(30));

    assertThat(started).isNotEmpty().allMatch(each -> each.id.equals("check-0"));
  }

  @Test
  void aChangedCheckIsProbedAnewWithinASecond() {
    prober.define(checks(1, Settings.DEFAULT));
    run(Duration.ofSeconds(1));
    Started old = started.getFirst();
    prober.define(checks(1, Settings.builder().failureThreshold(1).build()));
    run(Duration.ofSeconds(1));

    assertThat(old.aborted.get()).isTrue();
    assertThat(started).hasSize(2);
  }

  @Test
  void aDisabledCheckIsNotProbed() {
    prober.define(checks(3, Settings.builder().disabled(true).build()));
    run(Duration.ofSeconds(30));

    assertThat(started).isEmpty();
  }

  @Test
  void stoppingEndsEverything() {
    prober.define(checks(3, Settings.DEFAULT));
    run(Duration.ofSeconds(1));
    prober.stop();
    assertThat(started).hasSize(3).allMatch(each -> each.aborted.get());
    run(Duration.ofSeconds(30));

    assertThat(started).hasSize(3);
  }

  private Prober.Running start(HealthCheck check, Duration budget, Consumer<Observation> done) {
    AtomicBoolean aborted = new AtomicBoolean();
    started.add(new Started(check.id(), now(), budget, done, aborted));
    return () -> aborted.set(true);
  }

  private Map<String, List<Long>> timesById() {
    Map<String, List<Long>> times = new HashMap<>();
    for (Started each : started) {
      times.computeIfAbsent(each.id, id -> new ArrayList<>()).add(each.millis);
    }
    return times;
  }

  private void run(Duration duration) {
    for (long passed = 0; passed < duration.toMillis(); passed += TICK_MILLIS) {
      clock.advanceTimeBy(TICK_MILLIS, TimeUnit.MILLISECONDS);
      clock.runScheduledPendingTasks();
    }
  }

  private static Observation observation(Reason reason) {
    return new Observation(reason, "test", 0, Duration.ZERO);
  }

  private static List<HealthCheck> checks(int count, Settings settings) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new HealthCheck("check-" + i, Target.LOOPBACK, new CheckKind.Tcp(80), settings))
        .toList();
  }
}
