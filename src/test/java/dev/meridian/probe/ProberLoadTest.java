package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand checks every ten seconds, by the scheduler of production in virtual time: the work
 * is the same whatever becomes of the probes, and no moment has much more of it than another.
 */
class ProberLoadTest {
  private static final int CHECKS = 10_000;
  private static final int GRID_MILLIS = 10;
  private static final int ROUND_MILLIS = 10_000;

  /** What becomes of a check's probes; null: nothing, before they are aborted. */
  private interface Fate {
    @Nullable Reason of(int index);
  }

  /**
   * When which probe began, in a round after all checks have found their phases: one entry a probe,
   * its tick and its check.
   */
  private static List<Long> round(Fate fate) {
    EmbeddedChannel clock = new EmbeddedChannel();
    clock.freezeTime();
    HealthRegistry registry = new HealthRegistry();
    List<Long> begun = new ArrayList<>();
    AtomicLong tick = new AtomicLong();
    Prober prober =
        new Prober(
            clock.eventLoop(),
            registry,
            (check, budget, done) -> {
              int index = registry.indexOf(check.id());
              begun.add(tick.get() << Integer.SIZE | index);
              Reason reason = fate.of(index);
              if (reason != null) {
                done.accept(new Observation(reason, "test", 0, Duration.ZERO));
              }
              return () -> {};
            },
            (index, observation) -> {});
    prober.define(checks());
    for (int passed = 0; passed < 3 * ROUND_MILLIS; passed += GRID_MILLIS) {
      if (passed == 2 * ROUND_MILLIS) {
        begun.clear();
      }
      clock.advanceTimeBy(GRID_MILLIS, TimeUnit.MILLISECONDS);
      clock.runScheduledPendingTasks();
      tick.incrementAndGet();
    }
    prober.stop();
    return begun;
  }

  @Test
  void theWorkIsTheSameWhateverBecomesOfIt() {
    List<Long> passing = round(_ -> Reason.OK);

    assertThat(passing).hasSize(CHECKS);
    assertThat(round(_ -> Reason.CONNECT_REFUSED)).as("all fail").isEqualTo(passing);
    assertThat(round(_ -> null)).as("all hang").isEqualTo(passing);
    assertThat(round(index -> index % 2 == 0 ? Reason.OK : null))
        .as("the others of a half that hangs are not a moment later")
        .isEqualTo(passing);
  }

  @Test
  void noTenthOfASecondIsBusierThanOneAndAHalfTimesTheMean() {
    int[] perTick = new int[ROUND_MILLIS / GRID_MILLIS];
    for (long each : round(_ -> Reason.OK)) {
      perTick[Math.floorMod((int) (each >> Integer.SIZE), perTick.length)]++;
    }
    int window = 100 / GRID_MILLIS;
    int mean = CHECKS / (ROUND_MILLIS / 100);
    for (int from = 0; from < perTick.length; from++) {
      int begun = 0;
      for (int at = from; at < from + window; at++) {
        begun += perTick[at % perTick.length];
      }
      assertThat(begun)
          .as("probes begun within 100 ms, from tick %d", from)
          .isBetween(mean / 2, mean * 3 / 2);
    }
  }

  private static List<HealthCheck> checks() {
    return IntStream.range(0, CHECKS)
        .mapToObj(
            i ->
                new HealthCheck(
                    "example.com/site-" + i / 4 + "/192.0.2." + i % 4,
                    Target.LOOPBACK,
                    new CheckKind.Tcp(80),
                    Settings.DEFAULT))
        .toList();
  }
}
