package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthOverride;
import dev.meridian.policy.ClientSpace;
import dev.meridian.publish.Gate;
import dev.meridian.publish.KeptSets;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.LoadedState;
import dev.meridian.publish.ReloadResult;
import dev.meridian.publish.StateSource;
import dev.meridian.rr.RRType;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Niceness;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.Zones;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

public class ControlTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  public static final ClientSpace NOWHERE = new ClientSpace(GeoDatabase.EMPTY, LatencyTable.EMPTY);

  private final StateHolder states = new StateHolder();
  private final FakeSource source = new FakeSource();
  private final FakeHealth health = new FakeHealth();
  private final List<ReloadResult> told = new CopyOnWriteArrayList<>();
  private final Control control =
      new Control(
          source,
          Gate.open(),
          kept(),
          states,
          InstantSource.fixed(NOW),
          health::listenedBy,
          told::add);

  @Test
  void healthThatChangesAfterTheEndTroublesNobody() {
    source.state = state(List.of(), "a.example.");
    control.reload("test").join();
    ServerState served = states.get();
    control.close();

    health.flip(3);

    assertThat(states.get()).isSameAs(served);
  }

  /** None: what the sources of these tests bring has no files. */
  private static KeptSets kept() {
    return KeptSets.open(Path.of("no-such-folder"), Path.of("zones"));
  }

  @AfterEach
  void close() {
    control.close();
  }

  @Test
  void nothingIsServedAndReadyBeforeTheFirstLoad() {
    assertThat(control.status().ready()).isFalse();
    assertThat(states.get().generation()).isZero();
  }

  @Test
  void aGoodLoadIsPublishedWithItsWarnings() {
    Problem warning = new Problem("a.zone", 1, 2, Problem.Severity.WARNING, "odd");
    source.state = state(List.of(warning), "a.example.", "b.example.");

    ReloadResult result = control.reload("test").join();

    assertThat(result.ok()).isTrue();
    assertThat(result.generation()).isEqualTo(1);
    assertThat(result.at()).isEqualTo(NOW);
    assertThat(result.problems()).containsExactly(warning);
    assertThat(states.get().zones().size()).isEqualTo(2);
    assertThat(control.status().ready()).isTrue();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void loadsStepBackOnceOthersAreAnswered() {
    assumeThat(Niceness.own()).isLessThan(Niceness.steppedBack());
    control.reload("start").join();
    assertThat(source.niceness).isEqualTo(Niceness.own());

    control.letLoadsStepBack();
    control.reload("edit").join();

    assertThat(source.niceness).isEqualTo(Niceness.steppedBack());
  }

  @Test
  void badInputKeepsTheLastGood() {
    source.state = state(List.of(), "a.example.");
    control.reload("first").join();
    var served = states.get();
    Problem error = new Problem("a.zone", 3, 1, Problem.Severity.ERROR, "wrong");
    source.failure = new LoadFailedException(List.of(error));

    ReloadResult result = control.reload("second").join();

    assertThat(result.ok()).isFalse();
    assertThat(result.problems()).containsExactly(error);
    assertThat(result.generation()).isEqualTo(1);
    assertThat(states.get()).isSameAs(served);
    assertThat(control.status().ready()).isTrue();
    assertThat(control.status().failures()).isEqualTo(1);
    assertThat(control.status().last()).isEqualTo(result);
    assertThat(control.status().lastGood()).extracting("reason").isEqualTo("first");
    assertThat(told).extracting(ReloadResult::ok).containsExactly(true, false);
  }

  @Test
  void aFaultInLoadingIsAProblemAndLoadingGoesOn() {
    source.fault = new IllegalStateException("broken");
    assertThat(control.reload("test").join().problems())
        .singleElement()
        .asString()
        .contains("broken", "fault in Meridian");

    source.fault = null;
    assertThat(control.reload("test").join().ok()).isTrue();
  }

  @Test
  void checksWithOneIdAndTwoMeaningsAreRefused() {
    health.refusal = new IllegalArgumentException("two different health checks have the id 'x'");
    assertThat(control.reload("test").join().problems())
        .singleElement()
        .hasToString(".:1:1: two different health checks have the id 'x'");
    assertThat(states.get().generation()).isZero();
  }

  @Test
  void requestsDuringALoadShareOneMore() {
    source.hold();
    var first = control.reload("first");
    source.awaitLoading();
    var second = control.reload("second");
    var third = control.reload("third");
    var secondAgain = control.reload("second");
    source.release(2);

    assertThat(first.join().reason()).isEqualTo("first");
    assertThat(second.join().reason()).isEqualTo("second, third");
    assertThat(third.join()).isSameAs(second.join()).isSameAs(secondAgain.join());
    assertThat(source.loads).hasValue(2);
  }

  @Test
  void aChangeOfHealthIsInForceWhileALoadIsUnderWay() {
    control.reload("first").join();
    source.hold();
    var second = control.reload("second");
    source.awaitLoading();

    health.flip(3);

    Awaitility.await().atMost(PATIENCE).until(() -> !states.get().eligibility().isEligible(3));
    source.release(1);
    assertThat(second.join().ok()).isTrue();
  }

  @Test
  void aChangeOfHealthDuringALoadIsInItsResult() {
    source.hold();
    var load = control.reload("test");
    source.awaitLoading();
    health.flip(3);
    source.release(1);
    load.join();
    assertThat(states.get().generation()).isEqualTo(1);
    assertThat(states.get().eligibility().isEligible(3)).isFalse();
  }

  @Test
  void drainingIsNotReadyAndStaysSo() {
    control.reload("first").join();
    control.drain().join();
    assertThat(control.status().ready()).isFalse();
    control.reload("second").join();
    assertThat(control.status().ready()).isFalse();
  }

  @Test
  void closingRefusesWhatWaits() {
    source.hold();
    var first = control.reload("first");
    source.awaitLoading();
    var second = control.reload("second");

    control.close();

    for (var refused : List.of(first, second)) {
      assertThat(refused).isCompleted();
      assertThat(refused.join().problems())
          .singleElement()
          .asString()
          .contains("the server is stopping");
    }
    source.release(1);
    assertThat(states.get().generation()).isZero();
  }

  private static LoadedState state(List<Problem> problems, String... apexes) {
    List<Zone> zones = new ArrayList<>();
    for (String apex : apexes) {
      zones.add(zone(DomainName.parse(apex)));
    }
    return new LoadedState(new Zones(zones), List.of(), NOWHERE, problems);
  }

  /** The least that is a zone: an SOA with two root names and five zero numbers. */
  private static Zone zone(DomainName apex) {
    ZoneBuilder builder = new ZoneBuilder(apex);
    builder.add(apex.toWire(), RRType.SOA, 60, new byte[2 + 5 * Integer.BYTES], 0);
    return builder.build();
  }

  /** Loads what the test put in, when the test allows it. */
  private static final class FakeSource implements StateSource {
    volatile LoadedState state = state(List.of(), "example.");
    volatile @Nullable LoadFailedException failure;
    volatile @Nullable RuntimeException fault;
    volatile int niceness;
    final AtomicInteger loads = new AtomicInteger();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);

    @Override
    public LoadedState load() throws LoadFailedException {
      niceness = OS.LINUX.isCurrentOs() ? Niceness.own() : 0;
      loads.incrementAndGet();
      begun.release();
      gate.acquireUninterruptibly();
      RuntimeException unexpected = fault;
      if (unexpected != null) {
        throw unexpected;
      }
      LoadFailedException refused = failure;
      if (refused != null) {
        throw refused;
      }
      return state;
    }

    void hold() {
      begun.drainPermits();
      gate.drainPermits();
    }

    void awaitLoading() {
      begun.acquireUninterruptibly();
    }

    void release(int times) {
      gate.release(times);
    }
  }

  /** A board that the test changes. */
  private static final class FakeHealth implements HealthFeed {
    private volatile HealthBoard board = HealthBoard.EMPTY;
    private volatile Consumer<HealthBoard> listener = _ -> {};
    volatile @Nullable IllegalArgumentException refusal;

    HealthFeed listenedBy(Consumer<HealthBoard> listener) {
      this.listener = listener;
      return this;
    }

    void flip(int check) {
      EligibilitySnapshot before = board.eligibility();
      board = new HealthBoard(List.of(), before.with(check, !before.isEligible(check)));
      listener.accept(board);
    }

    @Override
    public CompletableFuture<HealthBoard> define(
        Collection<HealthCheck> checks, List<HealthOverride> decided) {
      IllegalArgumentException refused = refusal;
      if (refused != null) {
        throw refused;
      }
      return CompletableFuture.completedFuture(board);
    }

    @Override
    public CompletableFuture<HealthBoard> override(List<HealthOverride> overrides) {
      return CompletableFuture.completedFuture(board);
    }

    @Override
    public HealthBoard board() {
      return board;
    }

    @Override
    public HealthHistory history() {
      return new HealthHistory();
    }
  }
}
