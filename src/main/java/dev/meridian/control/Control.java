package dev.meridian.control;

import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.control.LoadQueue.Request;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthHistory;
import dev.meridian.publish.Attempt;
import dev.meridian.publish.Copying;
import dev.meridian.publish.Gate;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.KeptSets;
import dev.meridian.publish.LoadedState;
import dev.meridian.publish.Loader;
import dev.meridian.publish.Order;
import dev.meridian.publish.ReloadResult;
import dev.meridian.publish.StateSource;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.source.Problem;
import dev.meridian.state.OwnThread;
import dev.meridian.transport.Background;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
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

  /** Closing waits no longer than this for what the control thread is doing. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Loader files;
  private final KeptSets kept;
  private final StateHolder states;
  private final InstantSource clock;
  private final ExecutorService thread = executor("meridian-control");
  private final ExecutorService loader = executor("meridian-load");
  private final HealthFeed health;
  private final Consumer<ReloadResult> reloads;
  private final NameFeed names;

  private volatile ControlStatus status = ControlStatus.INITIAL;

  // The control thread's own.
  private final LoadQueue queue = new LoadQueue();
  private long generation;

  /**
   * Starts the threads; nothing is loaded before the first {@link #reload}.
   *
   * @param gate judges files before they are served
   * @param kept what to serve when the files cannot be; its numbers are gone on from
   * @param health makes the feed, given the listener to call whenever eligibility has changed
   * @param reloads hears how each load went; must not wait
   */
  public Control(
      StateSource source,
      Gate gate,
      KeptSets kept,
      StateHolder states,
      InstantSource clock,
      Function<Consumer<HealthBoard>, HealthFeed> health,
      Consumer<ReloadResult> reloads) {
    this(source, gate, kept, states, clock, health, reloads, _ -> NameFeed.NONE);
  }

  /**
   * As above, with addresses of names elsewhere.
   *
   * @param names makes their feed, given the listener to call whenever one has changed
   */
  Control(
      StateSource source,
      Gate gate,
      KeptSets kept,
      StateHolder states,
      InstantSource clock,
      Function<Consumer<HealthBoard>, HealthFeed> health,
      Consumer<ReloadResult> reloads,
      Function<Consumer<ResolvedNames>, NameFeed> names) {
    this.kept = kept;
    this.states = states;
    this.clock = clock;
    this.reloads = reloads;
    this.generation = kept.newest();
    this.health = health.apply(_ -> follow(this::followHealth));
    this.names = names.apply(_ -> follow(this::followNames));
    this.files = new Loader(source, gate, kept, this::newestEligibility, states::get);
  }

  /** Feeds are closed after this is, and may have news until then: nobody is answered by them. */
  private void follow(Runnable change) {
    try {
      thread.execute(change);
    } catch (RejectedExecutionException e) {
      LOG.debug("A change comes too late to be followed", e);
    }
  }

  /**
   * From the next load on, loads give way to threads that answer queries: a load takes a whole
   * processor for as long as it lasts, and what queues for it meanwhile is lost.
   */
  void letLoadsStepBack() {
    loader.execute(Background::caller);
  }

  private static ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
  }

  /**
   * Loads everything anew and, if all of it is right, serves it.
   *
   * @param reason for the log and the status, in a word or two
   * @return completes when the new state is published or refused; never exceptionally
   */
  public CompletableFuture<ReloadResult> reload(String reason) {
    return load(Order.FILES, reason);
  }

  /** The same for what the system has noted of files: the others are not looked at. */
  CompletableFuture<ReloadResult> reloadNoted(String reason) {
    return load(Order.NOTED, reason);
  }

  /**
   * The same for files that a person has decided to serve, whatever the gate says of them; what it
   * says is among the warnings.
   */
  public CompletableFuture<ReloadResult> force(String reason) {
    return load(Order.FORCED, reason);
  }

  /**
   * Serves a kept set again, from now until the files are loaded the next time, over restarts too.
   *
   * @param reason for the log and the status, in a sentence
   * @return as {@link #reload}
   */
  public CompletableFuture<ReloadResult> rollback(KeptSet set, String reason) {
    return load(Order.of(set), reason);
  }

  private CompletableFuture<ReloadResult> load(Order order, String reason) {
    CompletableFuture<ReloadResult> done = new CompletableFuture<>();
    thread.execute(() -> enqueue(order, reason, done));
    return done;
  }

  private void enqueue(Order order, String reason, CompletableFuture<ReloadResult> done) {
    if (queue.add(order, reason, done)) {
      startNext();
    } else {
      refuse(
          Request.of(order, reason, done), "another process is taking over; try again in a moment");
    }
  }

  private void startNext() {
    Request request = queue.begin();
    if (request == null) {
      return;
    }
    long begun = System.nanoTime();
    try {
      CompletableFuture.supplyAsync(() -> files.load(request.order), loader)
          .thenCompose(this::defineChecks)
          .thenCompose(this::wantNames)
          .exceptionally(Control::unexpected)
          .thenAcceptAsync(attempt -> finish(request, attempt, begun), thread);
    } catch (OutOfMemoryError noThread) {
      finish(request, Attempt.refused("loading failed: " + noThread.getMessage()), begun);
    }
  }

  /** Checks are watched before the answers that depend on them are given. */
  private CompletableFuture<Attempt> defineChecks(Attempt attempt) {
    if (attempt.state() == null || loader.isShutdown()) {
      return CompletableFuture.completedFuture(attempt);
    }
    try {
      return health
          .define(attempt.state().checks(), attempt.state().overrides())
          .thenApply(_ -> attempt);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(Attempt.refused(String.valueOf(e.getMessage())));
    }
  }

  /** Aliases of names elsewhere are known, if anybody answers, before they are served. */
  private CompletableFuture<Attempt> wantNames(Attempt attempt) {
    return attempt.state() == null
        ? CompletableFuture.completedFuture(attempt)
        : names.want(attempt.decided().externalNames()).thenApply(_ -> attempt);
  }

  private static Attempt unexpected(Throwable e) {
    LOG.error("Loading failed; this is a fault in Meridian", e);
    return Attempt.refused(
        "loading failed: " + e + "; this is a fault in Meridian, its log says more");
  }

  private void finish(Request request, Attempt loaded, long begun) {
    try {
      if (loaded.refusal() != null) {
        tell(result(request, loaded.refusal(), begun), null, loaded.kept());
      }
      Attempt attempt = publish(loaded);
      LoadedState state = attempt.state();
      ReloadResult result = result(request, attempt, begun);
      tell(result, state, null);
      remember(request, attempt, result);
      request.done.complete(result);
    } finally {
      // whatever happened, the next request must not wait for this one
      request.done.complete(result(request, Attempt.refused("loading failed"), begun));
      queue.end();
      startNext();
      queue.tellIfStill(generation);
    }
  }

  /**
   * Loads nothing more, but for what has been asked for already.
   *
   * @return completes when that is done, with the generation that is served
   */
  CompletableFuture<Long> suspend() {
    CompletableFuture<Long> still = new CompletableFuture<>();
    thread.execute(
        () -> {
          queue.suspend(still);
          queue.tellIfStill(generation);
        });
    return still;
  }

  /** Loads again, and that at once if it was asked for meanwhile. */
  void resume() {
    thread.execute(
        () -> {
          generation = Math.max(generation, kept.newest());
          if (queue.resume()) {
            enqueue(Order.FILES, "asked for meanwhile", new CompletableFuture<>());
          }
        });
  }

  /**
   * @param next the kept set that will be served in a moment; null: none will
   */
  private void tell(ReloadResult result, @Nullable LoadedState state, @Nullable KeptSet next) {
    status = state == null ? status.failed(result) : status.succeeded(result, state.space());
    LoadLog.write(result, next, states.get().zones().size(), status.lastGood() != null);
    reloads.accept(result);
  }

  private void remember(Request request, Attempt attempt, ReloadResult result) {
    if (attempt.state() == null) {
      hold(attempt);
      return;
    }
    files.serves(attempt.state());
    prepare();
    if (attempt.kept() == null) {
      kept.keep(attempt.state(), result.generation(), result.reason(), result.at());
    } else if (request.order.kept() != null) {
      kept.pin(attempt.kept());
    }
  }

  /** The first edit is not to wait for what can be done before it. */
  private void prepare() {
    try {
      loader.execute(files::prepare);
    } catch (RejectedExecutionException e) {
      LOG.debug("Nothing will be loaded any more", e);
    }
  }

  /** A restart is no way around the gate. */
  private void hold(Attempt attempt) {
    ReloadResult good = status.lastGood();
    Copying away = attempt.heldBack();
    if (good != null && away != null) {
      KeptSet old = good.kept();
      String why = attempt.problems().getFirst().message();
      kept.hold(old == null ? good.generation() : old.generation(), away, why);
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
        attempt.problems(),
        attempt.heldBack() != null,
        attempt.kept());
  }

  private Attempt publish(Attempt attempt) {
    LoadedState loaded = attempt.state();
    if (loaded == null) {
      return attempt;
    }
    try {
      // decided on the loader's thread already; health may have changed since
      ServerState decided = attempt.decided().with(names.names()).remembering(states.get());
      states.publish(
          decided
              .numbered(generation + 1)
              .counting(states.get(), states.choices())
              .with(newestEligibility()));
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
    OwnThread.end(
        thread, CLOSE_PATIENCE, () -> LOG.warn("The control thread is busy; not waiting for it"));
  }

  private void refuseAll() {
    loader.shutdownNow();
    queue.all().forEach(request -> refuse(request, "the server is stopping"));
  }

  private void refuse(Request request, String why) {
    List<Problem> problems = Attempt.refused(why).problems();
    request.done.complete(
        new ReloadResult(
            false,
            generation,
            request.reason(),
            clock.instant(),
            Duration.ZERO,
            problems,
            false,
            null));
  }
}
