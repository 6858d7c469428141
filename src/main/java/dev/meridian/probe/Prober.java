package dev.meridian.probe;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Begins a probe of every check once per interval, each at a phase of its own that depends on
 * nothing but the check's id. The work per second is the same whether everything passes or
 * everything fails: there are no retries, and missed turns are not made up for.
 *
 * <p>Everything happens on the executor's thread, which must also be the caller's.
 */
final class Prober {
  /** Begins one probe; it must end within the budget. */
  @FunctionalInterface
  interface Starter {
    Running start(HealthCheck check, Duration budget, Consumer<Observation> done);
  }

  /** A probe that may not have ended yet. */
  @FunctionalInterface
  interface Running {
    /** Ends it without a result. */
    void abort();
  }

  /** Takes results. */
  @FunctionalInterface
  interface Sink {
    void observed(int checkIndex, Observation observation);
  }

  /** A small set is probed for the first time within this. */
  private static final long FIRST_ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The most first probes per second. */
  private static final long FIRST_PROBES_SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Every probe is over this long before the same check's next one. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * Probes begin on this grid, a hundred times a second at the most: waking up costs more than a
   * probe does.
   */
  private static final long GRID_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A probe that our own lateness cost more of its time than this has not timed out by itself. */
  private static final long TOLERATED_CUT_NANOS = REST_NANOS;

  private final EventExecutor executor;
  private final HealthRegistry registry;
  private final Starter starter;
  private final Sink sink;
  private final long originNanos;
  private Map<Integer, Rounds> rounds = new HashMap<>();

  Prober(EventExecutor executor, HealthRegistry registry, Starter starter, Sink sink) {
    this.executor = executor;
    this.registry = registry;
    this.starter = starter;
    this.sink = sink;
    this.originNanos = executor.ticker().nanoTime();
  }

  /**
   * Makes {@code checks} the whole set of what is probed. An equal definition goes on undisturbed;
   * probes of all others are dropped, and changed and new ones begin at once, spread over the first
   * second or, for many, over as long as their interval.
   *
   * @param checks at most one per id; disabled and calculated ones are not probed
   */
  void define(Collection<HealthCheck> checks) {
    Map<Integer, Rounds> next = new HashMap<>();
    long spread = Math.max(FIRST_ROUND_NANOS, checks.size() * FIRST_PROBES_SPACING_NANOS);
    for (HealthCheck check : checks) {
      int index = registry.indexOf(check.id());
      Rounds before = rounds.get(index);
      if (before != null && before.check.equals(check)) {
        rounds.remove(index);
        next.put(index, before);
      } else if (check.isProbed()) {
        next.put(index, new Rounds(index, check));
      }
    }
    rounds.values().forEach(Rounds::stop);
    rounds = next;
    rounds.values().forEach(each -> each.begin(spread));
  }

  /** Stops everything; no result is delivered any more. */
  void stop() {
    rounds.values().forEach(Rounds::stop);
    rounds = new HashMap<>();
  }

  /** The turns of one check. */
  private final class Rounds {
    private final int index;
    private final HealthCheck check;
    private final long hash;
    private long dueNanos;
    private @Nullable Future<?> turn;
    private @Nullable Running running;

    Rounds(int index, HealthCheck check) {
      this.index = index;
      this.check = check;
      this.hash = hash(check.id());
    }

    /** Sets the first turn, if that has not been done. */
    void begin(long spreadNanos) {
      if (turn == null) {
        long within = Math.min(spreadNanos, check.settings().interval().toNanos());
        schedule(onGrid(executor.ticker().nanoTime()) + phase(within));
      }
    }

    private void schedule(long atNanos) {
      dueNanos = atNanos;
      long delay = Math.max(0, atNanos - executor.ticker().nanoTime());
      turn = executor.schedule(this::take, delay, TimeUnit.NANOSECONDS);
    }

    /** One turn. The next is set before anything that could go wrong. */
    private void take() {
      long now = executor.ticker().nanoTime();
      long late = now - dueNanos;
      if (late > StallDetector.LIMIT_NANOS) {
        schedule(turnAtOrAfter(now));
        sink.observed(index, missed(now, late));
        return;
      }
      long timeout = check.settings().timeout().toNanos();
      schedule(turnAtOrAfter(dueNanos + timeout));
      long untilRest = dueNanos - now - REST_NANOS;
      if (untilRest <= 0) {
        sink.observed(index, missed(now, late));
        return;
      }
      long budget = Math.min(timeout, untilRest);
      long cut = Math.min(timeout, untilRest + late) - budget;
      running =
          starter.start(
              check,
              Duration.ofNanos(budget),
              seen -> sink.observed(index, cut > TOLERATED_CUT_NANOS ? excused(seen, cut) : seen));
    }

    /** The target is not to blame for a timeout shorter than the check's own. */
    private Observation excused(Observation seen, long cutNanos) {
      if (seen.reason() != Reason.CONNECT_TIMEOUT && seen.reason() != Reason.RESPONSE_TIMEOUT) {
        return seen;
      }
      long cut = TimeUnit.NANOSECONDS.toMillis(cutNanos);
      return new Observation(
          Reason.CHECKER_STALLED,
          "the checker was late and cut a probe's timeout by " + cut + " ms",
          seen.startedNanos(),
          seen.duration());
    }

    /** After a stall everything is late at once; to probe it all now would be a burst. */
    private Observation missed(long now, long late) {
      return new Observation(
          Reason.CHECKER_STALLED,
          "the checker was " + TimeUnit.NANOSECONDS.toMillis(late) + " ms late and skipped a probe",
          now,
          Duration.ZERO);
    }

    /** The first moment from {@code nanos} on that lies in the check's phase. */
    private long turnAtOrAfter(long nanos) {
      long interval = check.settings().interval().toNanos();
      return nanos + Math.floorMod(originNanos + phase(interval) - nanos, interval);
    }

    /** A place on the grid within a span, always the same. */
    private long phase(long spanNanos) {
      return Math.floorMod(hash, spanNanos / GRID_NANOS) * GRID_NANOS;
    }

    private long onGrid(long nanos) {
      return nanos + Math.floorMod(originNanos - nanos, GRID_NANOS);
    }

    void stop() {
      if (turn != null) {
        turn.cancel(false);
      }
      if (running != null) {
        running.abort();
      }
    }
  }

  /** FNV-1a over the characters, then mixed so that the low bits of similar ids differ too. */
  private static long hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
    return hash ^ hash >>> 29;
  }
}
