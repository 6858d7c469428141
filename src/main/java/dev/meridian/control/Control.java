package dev.meridian.control;

import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthHistory;
import dev.meridian.load.Problem;
import dev.meridian.rr.ResolvedNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all change: the only one that publishes to the {@link StateHolder}.
 *
 * <pre>
 * reload requests ─┐                    ┌─ meridian-load: read, check, compile
 * health changes ──┴─ meridian-control ─┴─ publish
 * </pre>
 *
 * <p>Loading happens beside the control thread, so that a change of health is in force within
 * milliseconds while a million records are being read. Every publication happens on the control
 * thread with the newest board, so a change of health that races with a load cannot get lost.
 * Requests that come in during a load are answered together by one more load, begun after the last
 * of them.
 *
 * <p>All methods may be called from any thread.
 */
public final class Control implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  /** More than this goes to the API, not to the log. */
  private static final int LOGGED_PROBLEMS = 20;

  /** Closing waits no longer than this for what the control thread is doing. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final StateSource source;
  private final StateHolder states;
  private final InstantSource clock;
  private final ExecutorService thread = executor("meridian-control");
  private final ExecutorService loader = executor("meridian-load");
  private final HealthFeed health;
  private final Consumer<ReloadResult> reloads;
  private final NameFeed names;

  private volatile ControlStatus status = ControlStatus.INITIAL;

  // The control thread's own.
  private @Nullable Request running;
  private @Nullable Request waiting;
  private long generation;

  /**
   * Starts the threads; nothing is loaded before the first {@link #reload}.
   *
   * @param health makes the feed, given the listener to call whenever eligibility has changed
   * @param reloads hears how each load went; must not wait
   */
  public Control(
      StateSource source,
      StateHolder states,
      InstantSource clock,
      Function<Consumer<HealthBoard>, HealthFeed> health,
      Consumer<ReloadResult> reloads) {
    this(source, states, clock, health, reloads, _ -> NameFeed.NONE);
  }

  /**
   * As above, with addresses of names elsewhere.
   *
   * @param names makes their feed, given the listener to call whenever one has changed
   */
  Control(
      StateSource source,
      StateHolder states,
      InstantSource clock,
      Function<Consumer<HealthBoard>, HealthFeed> health,
      Consumer<ReloadResult> reloads,
      Function<Consumer<ResolvedNames>, NameFeed> names) {
    this.source = source;
    this.states = states;
    this.clock = clock;
    this.reloads = reloads;
    this.health = health.apply(_ -> thread.execute(this::followHealth));
    this.names = names.apply(_ -> thread.execute(this::followNames));
  }

  private static ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
  }

  /** One load, and those who wait for it. */
  private static final class Request {
    final List<String> reasons = new ArrayList<>();
    final CompletableFuture<ReloadResult> done = new CompletableFuture<>();

    String reason() {
      return String.join(", ", reasons);
    }
  }

  /**
   * Loads everything anew and, if all of it is right, serves it.
   *
   * @param reason for the log and the status, in a word or two
   * @return completes when the new state is published or refused; never exceptionally
   */
  public CompletableFuture<ReloadResult> reload(String reason) {
    CompletableFuture<ReloadResult> done = new CompletableFuture<>();
    thread.execute(() -> enqueue(reason, done));
    return done;
  }

  private void enqueue(String reason, CompletableFuture<ReloadResult> done) {
    Request request = waiting == null ? new Request() : waiting;
    waiting = request;
    if (!request.reasons.contains(reason)) {
      request.reasons.add(reason);
    }
    request.done.thenAccept(done::complete);
    startNext();
  }

  private void startNext() {
    Request request = waiting;
    if (running != null || request == null) {
      return;
    }
    running = request;
    waiting = null;
    long begun = System.nanoTime();
    CompletableFuture.supplyAsync(this::load, loader)
        .thenCompose(this::defineChecks)
        .thenCompose(this::wantNames)
        .exceptionally(Control::unexpected)
        .thenAcceptAsync(attempt -> finish(request, attempt, begun), thread);
  }

  /** What came of a load: a state, or problems. */
  private record Attempt(
      @Nullable LoadedState state, ServerState decided, List<Problem> problems) {}

  private Attempt load() {
    try {
      LoadedState loaded = source.load();
      ServerState decided = ServerState.of(loaded.zones(), newestEligibility(), 0);
      return new Attempt(loaded, decided, loaded.problems());
    } catch (LoadFailedException e) {
      return new Attempt(null, ServerState.EMPTY, e.problems());
    }
  }

  /** Checks are watched before the answers that depend on them are given. */
  private CompletableFuture<Attempt> defineChecks(Attempt attempt) {
    if (attempt.state() == null || loader.isShutdown()) {
      return CompletableFuture.completedFuture(attempt);
    }
    try {
      return health.define(attempt.state().checks()).thenApply(_ -> attempt);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(refused(String.valueOf(e.getMessage())));
    }
  }

  /** Aliases of names elsewhere are known, if anybody answers, before they are served. */
  private CompletableFuture<Attempt> wantNames(Attempt attempt) {
    return attempt.state() == null
        ? CompletableFuture.completedFuture(attempt)
        : names.want(attempt.decided().externalNames()).thenApply(_ -> attempt);
  }

  private static Attempt refused(String message) {
    return new Attempt(
        null, ServerState.EMPTY, List.of(new Problem(".", 1, 1, Problem.Severity.ERROR, message)));
  }

  private static Attempt unexpected(Throwable e) {
    LOG.error("Loading failed; this is a fault in Meridian", e);
    return refused("loading failed: " + e + "; this is a fault in Meridian, its log says more");
  }

  private void finish(Request request, Attempt loaded, long begun) {
    try {
      Attempt attempt = publish(loaded);
      LoadedState state = attempt.state();
      ReloadResult result = result(request, attempt, begun);
      status = state == null ? status.failed(result) : status.succeeded(result, state.space());
      log(result);
      reloads.accept(result);
      request.done.complete(result);
    } finally {
      // whatever happened, the next request must not wait for this one
      request.done.complete(result(request, refused("loading failed"), begun));
      running = null;
      startNext();
    }
  }

  private ReloadResult result(Request request, Attempt attempt, long begun) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new ReloadResult(
        attempt.state() != null,
        generation,
        request.reason(),
        clock.instant(),
        took,
        attempt.problems());
  }

  private Attempt publish(Attempt attempt) {
    LoadedState loaded = attempt.state();
    if (loaded == null) {
      return attempt;
    }
    try {
      // decided on the loader's thread already; health may have changed since
      ServerState decided = attempt.decided().with(names.names()).remembering(states.get());
      states.publish(decided.numbered(generation + 1).with(newestEligibility()));
      generation++;
      return attempt;
    } catch (RuntimeException | StackOverflowError e) {
      return unexpected(e);
    }
  }

  private EligibilitySnapshot newestEligibility() {
    return health.board().eligibility();
  }

  private void followHealth() {
    EligibilitySnapshot eligibility = newestEligibility();
    ServerState current = states.get();
    if (eligibility != current.eligibility()) {
      states.publish(current.with(eligibility));
    }
  }

  private void followNames() {
    ResolvedNames newest = names.names();
    if (!states.get().resolved().changes(newest).isEmpty()) {
      states.publish(states.get().with(newest));
    }
  }

  private void log(ReloadResult result) {
    if (result.ok()) {
      LOG.info(
          "Serving generation {} with {} zones ({}, {} ms)",
          result.generation(),
          states.get().zones().size(),
          result.reason(),
          result.took().toMillis());
    } else {
      LOG.error(
          "Load refused ({}), errors: {}; {}",
          result.reason(),
          result.errorCount(),
          result.generation() == 0
              ? "nothing is served"
              : "generation " + result.generation() + " is still served");
    }
    result.problems().stream().limit(LOGGED_PROBLEMS).forEach(problem -> LOG.warn("{}", problem));
  }

  /** What there is to know about loading. */
  public ControlStatus status() {
    return status;
  }

  /** What health checking says. */
  public HealthBoard board() {
    return health.board();
  }

  /** The last results of every check. */
  public HealthHistory history() {
    return health.history();
  }

  /** Completes when the control thread has come round once more. */
  public CompletableFuture<Void> turn() {
    return CompletableFuture.runAsync(() -> {}, thread);
  }

  /** From now on {@link ControlStatus#ready()} is false, so that balancers look elsewhere. */
  public CompletableFuture<Void> drain() {
    return CompletableFuture.runAsync(() -> status = status.drains(), thread);
  }

  /**
   * Ends the threads; a load that is under way is given up, and whoever waits for one is told that
   * it is refused. What is published stays.
   */
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(this::refuseAll);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The control thread is busy; not waiting for it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuseAll() {
    loader.shutdownNow();
    Stream.of(running, waiting).filter(Objects::nonNull).forEach(this::refuse);
  }

  private void refuse(Request request) {
    List<Problem> problems = refused("the server is stopping").problems();
    request.done.complete(
        new ReloadResult(
            false, generation, request.reason(), clock.instant(), Duration.ZERO, problems));
  }
}
