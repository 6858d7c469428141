package dev.meridian.control;

import dev.meridian.answer.ChoiceCells;
import dev.meridian.answer.QueryStats;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.Expectation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets beside each other what policies should choose and what they have chosen. Looks at the
 * counters of the loops every ten seconds, on a thread of its own that begins when somebody first
 * wants to know: a server that nobody watches does without.
 */
final class ShareKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final StateHolder states;
  private final Supplier<List<QueryStats>> stats;
  private final Supplier<GeoDatabase> geo;
  private volatile ShareTable table = ShareTable.EMPTY;
  private @Nullable ScheduledExecutorService thread;

  // The thread's own.
  private @Nullable GeoDatabase sampledGeo;
  private ClientSample sample = new ClientSample(List.of());
  private ChoiceCells cells = ChoiceCells.NONE;
  private Map<RoutedRRset, Expectation> expectations = new HashMap<>();

  /** What the loops had counted, the oldest first; by number. */
  private final Deque<long[]> counted = new ArrayDeque<>();

  ShareKeeper(StateHolder states, Supplier<List<QueryStats>> stats, Supplier<GeoDatabase> geo) {
    this.states = states;
    this.stats = stats;
    this.geo = geo;
  }

  /** The newest table; the first is worked out while the caller waits. */
  ShareTable table() {
    if (states.get().choices().choices().isEmpty()) {
      return ShareTable.EMPTY;
    }
    begin();
    return table;
  }

  private synchronized void begin() {
    if (thread == null) {
      thread =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("meridian-shares").daemon().factory());
      refresh().join();
      thread.scheduleWithFixedDelay(
          this::look, STEP.toMillis(), STEP.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Looks now; completes when the table is new. */
  synchronized CompletableFuture<Void> refresh() {
    return thread == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.runAsync(this::look, thread);
  }

  /** A task that throws would never run again. */
  private void look() {
    try {
      table = look(states.get());
    } catch (RuntimeException e) {
      LOG.error("Shares could not be worked out; this is a fault in Meridian", e);
    }
  }

  private ShareTable look(ServerState state) {
    prepare(state);
    long[] now = count();
    long[] then = counted.isEmpty() ? new long[now.length] : counted.getFirst();
    counted.addLast(now);
    if (counted.size() > WINDOW.dividedBy(STEP)) {
      counted.removeFirst();
    }
    Map<RoutedRRset, double[]> shares = new HashMap<>();
    List<ShareTable.Row> rows = new ArrayList<>();
    for (ChoiceCells.Choice choice : cells.choices()) {
      RoutedRRset rrset = state.zones().get(choice.zone()).routed(choice.routed());
      double[] expected =
          shares.computeIfAbsent(
              rrset,
              each ->
                  expectations
                      .computeIfAbsent(each, one -> new Expectation(one, sample))
                      .shares(state.decisions(choice.zone(), choice.routed())));
      rows.add(
          new ShareTable.Row(
              state.zones().get(choice.zone()).apex(),
              rrset.owner(),
              rrset.type(),
              rrset.leafId(choice.leaf()),
              choice.cell(),
              expected[choice.leaf()],
              now[choice.cell()],
              now[choice.cell()] - then[choice.cell()]));
    }
    return new ShareTable(rows, STEP.multipliedBy(counted.size()), cells.omitted());
  }

  /** After a load, numbers may stand for something else, and clients may be elsewhere. */
  private void prepare(ServerState state) {
    GeoDatabase current = geo.get();
    boolean moved = current != sampledGeo;
    if (moved) {
      sample = ClientSample.of(current);
      sampledGeo = current;
    }
    if (moved || state.choices() != cells) {
      expectations = new HashMap<>();
    }
    if (state.choices() != cells) {
      cells = state.choices();
      counted.clear();
      counted.add(count());
    }
  }

  private long[] count() {
    ToIntFunction<ChoiceCells.Choice> number = ChoiceCells.Choice::cell;
    long[] sums = new long[1 + cells.choices().stream().mapToInt(number).max().orElse(0)];
    for (QueryStats each : stats.get()) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += each.choices(i);
      }
    }
    return sums;
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.shutdownNow();
    }
  }
}
