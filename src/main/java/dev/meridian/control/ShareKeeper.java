package dev.meridian.control;

import dev.meridian.answer.ChoiceCells;
import dev.meridian.answer.ChoiceCells.Choice;
import dev.meridian.answer.QueryStats;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.Expectation;
import dev.meridian.transport.Background;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets beside each other what policies should choose and what they have chosen. Looks at the
 * counters of the loops every ten seconds; what should be chosen is worked out from when somebody
 * first wants to know, for a server that nobody watches can do without.
 */
final class ShareKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final Duration WINDOW = Duration.ofMinutes(5);

  /**
   * What the loops had counted.
   *
   * @param at monotonic
   */
  private record Counted(long at, List<Long> byCell) {}

  private final StateHolder states;
  private final Supplier<List<QueryStats>> stats;
  private final Supplier<GeoDatabase> geo;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Background.threads("meridian-shares"));
  private volatile ShareTable table = ShareTable.EMPTY;
  private volatile boolean wanted;

  // The thread's own.
  private @Nullable GeoDatabase sampledGeo;
  private ClientSample sample = new ClientSample(List.of());
  private ChoiceCells cells = ChoiceCells.NONE;
  private Map<RoutedRRset, Expectation> expectations = new HashMap<>();

  /** The oldest first. */
  private final Deque<Counted> counted = new ArrayDeque<>();

  ShareKeeper(StateHolder states, Supplier<List<QueryStats>> stats, Supplier<GeoDatabase> geo) {
    this.states = states;
    this.stats = stats;
    this.geo = geo;
  }

  /** Begins to look at the counters, once there are any. */
  void start() {
    if (states.choices() > 0) {
      thread.scheduleWithFixedDelay(this::look, 0, STEP.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The newest table; the first is worked out while the caller waits. */
  ShareTable table() {
    if (!wanted && !states.get().choices().choices().isEmpty()) {
      refresh().join();
    }
    return table;
  }

  /** Looks now; completes when the table is new. */
  CompletableFuture<Void> refresh() {
    wanted = true;
    return CompletableFuture.runAsync(this::look, thread);
  }

  /** A task that throws would never run again. */
  private void look() {
    try {
      ServerState state = states.get();
      if (state.choices() != cells) {
        // numbers may stand for something else now
        cells = state.choices();
        expectations = new HashMap<>();
        counted.clear();
      }
      count();
      if (wanted) {
        table = table(state);
      }
    } catch (RuntimeException e) {
      LOG.error("Shares could not be worked out; this is a fault in Meridian", e);
    }
  }

  /** The window is a step longer than it has to be, rather than shorter. */
  private void count() {
    long now = System.nanoTime();
    counted.addLast(new Counted(now, sums()));
    while (counted.size() > 2 && now - second().at() >= WINDOW.toNanos()) {
      counted.removeFirst();
    }
  }

  private Counted second() {
    var each = counted.iterator();
    each.next();
    return each.next();
  }

  private List<Long> sums() {
    int size = 1 + cells.choices().stream().mapToInt(Choice::cell).max().orElse(0);
    long[] sums = new long[size];
    for (QueryStats each : stats.get()) {
      for (int i = 0; i < size; i++) {
        sums[i] += each.choices(i);
      }
    }
    return Arrays.stream(sums).boxed().toList();
  }

  private ShareTable table(ServerState state) {
    placeClients();
    Counted now = counted.getLast();
    Counted then = counted.getFirst();
    Map<RoutedRRset, double[]> expected = new HashMap<>();
    List<ShareTable.Row> rows = new ArrayList<>();
    for (Choice choice : cells.choices()) {
      RoutedRRset rrset = state.zones().get(choice.zone()).routed(choice.routed());
      double[] shares = expected.computeIfAbsent(rrset, each -> expected(state, choice, each));
      rows.add(
          new ShareTable.Row(
              state.zones().get(choice.zone()).apex(),
              rrset.owner(),
              rrset.type(),
              rrset.leafId(choice.leaves().getFirst()),
              choice.cell(),
              choice.leaves().stream().mapToDouble(leaf -> shares[leaf]).sum(),
              now.byCell().get(choice.cell()),
              now.byCell().get(choice.cell()) - then.byCell().get(choice.cell())));
    }
    return new ShareTable(rows, Duration.ofNanos(now.at() - then.at()), cells.omitted());
  }

  private double[] expected(ServerState state, Choice choice, RoutedRRset rrset) {
    return expectations
        .computeIfAbsent(rrset, one -> new Expectation(one, sample))
        .shares(state.decisions(choice.zone(), choice.routed()));
  }

  private void placeClients() {
    GeoDatabase current = geo.get();
    if (current != sampledGeo) {
      sample = ClientSample.of(current);
      sampledGeo = current;
      expectations = new HashMap<>();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
