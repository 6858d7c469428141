package dev.meridian.probe;

import dev.meridian.health.CheckOrder;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthEvent;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthMonitor;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.health.Observation;
import dev.meridian.health.Standing;
import dev.meridian.health.Votes;
import dev.meridian.transport.QuietLoops;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health checking as a whole: one thread, {@code meridian-health}, on which the probes, their
 * timers and the {@link HealthMonitor} live together, so that a probe's result is in force as soon
 * as it is there.
 *
 * <p>Every method may be called from any thread.
 */
public final class HealthService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HealthService.class);

  private static final long CLOSE_SECONDS = 5;

  private final IoEventLoopGroup group;
  private final IoEventLoop loop;
  private final StallDetector stalls;
  private final HealthMonitor monitor;
  private final Probes probes;
  private final Prober prober;
  private final HealthRegistry registry;
  private final BiConsumer<String, Observation> watcher;
  private final Consumer<HealthBoard> listener;
  private final Consumer<HealthEvent> events;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile HealthBoard board = HealthBoard.EMPTY;

  // The health thread's own.
  private Collection<HealthCheck> checks = List.of();

  /** Whether another process probes. */
  private boolean suspended;

  /** Null while there is nothing to beat for: an idle server sleeps. */
  private @Nullable ScheduledFuture<?> beating;

  /**
   * Starts the thread; it has nothing to do yet. Certificates are verified against the authorities
   * that the Java runtime trusts.
   *
   * @param registry numbers the checks
   * @param clock dates what people read
   * @param version of this program, as targets see it in the User-Agent
   * @param listener gets a board whenever eligibility changed, on the health thread; it must not
   *     wait
   */
  public HealthService(
      HealthRegistry registry,
      InstantSource clock,
      String version,
      Consumer<HealthBoard> listener) {
    this(registry, clock, ProbeSettings.of(version), HealthRules.DEFAULT, listener, _ -> {}, null);
  }

  /**
   * As above, with other rules between verdicts and answers.
   *
   * @param events gets every change, on the health thread, before the listener does; it must not
   *     wait
   */
  public HealthService(
      HealthRegistry registry,
      InstantSource clock,
      ProbeSettings settings,
      HealthRules rules,
      Consumer<HealthBoard> listener,
      Consumer<HealthEvent> events) {
    this(registry, clock, settings, rules, listener, events, null);
  }

  /** As above, but trusting the given authorities only. */
  HealthService(
      HealthRegistry registry,
      InstantSource clock,
      ProbeSettings settings,
      HealthRules rules,
      Consumer<HealthBoard> listener,
      Consumer<HealthEvent> events,
      @Nullable KeyStore anchors) {
    this.registry = registry;
    this.watcher = settings.watcher();
    this.listener = listener;
    this.events = events;
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().name("meridian-health").daemon().factory(),
            NioIoHandler.newFactory());
    QuietLoops.keepAsleep(group);
    loop = group.next();
    stalls = new StallDetector(loop.ticker().nanoTime());
    monitor =
        new HealthMonitor(
            registry, clock, loop.ticker()::nanoTime, rules, this::publish, this::tell);
    ProbeEnvironment environment =
        new ProbeEnvironment(
            loop, stalls, new TlsClient(anchors), clock, settings.version(), settings.sources());
    probes = new Probes(environment, settings, registry.guard());
    prober = new Prober(loop, registry, probes, this::observed);
  }

  /**
   * Makes {@code checks} the whole set of what is watched, as {@link HealthMonitor#define} has it.
   * To be in force before the answers that use them.
   *
   * @return completes with the first board that knows them all
   * @throws IllegalArgumentException as {@link CheckOrder#of}; nothing changes then
   * @throws java.util.concurrent.RejectedExecutionException after {@link #close()}
   */
  public CompletableFuture<HealthBoard> define(Collection<HealthCheck> checks) {
    return define(checks, List.of());
  }

  /**
   * As above, under overrides that take the place of those that came with the checks before; see
   * {@link HealthMonitor#overrideByFile}.
   */
  public CompletableFuture<HealthBoard> define(
      Collection<HealthCheck> checks, List<HealthOverride> decided) {
    CheckOrder order = CheckOrder.of(checks);
    return CompletableFuture.supplyAsync(
        () -> {
          monitor.overrideByFile(decided);
          return defineOnLoop(order.checks());
        },
        loop);
  }

  /** Says what was known when the process last ended; see {@link HealthMonitor#recall}. */
  public void recall(HealthMemory memory) {
    probes.recall(memory.heartbeats());
    loop.execute(
        () -> {
          monitor.recall(memory.checks(), memory.overrides());
          beatIfNeeded();
        });
  }

  /** Probes nothing until {@link #resume}; completes when the last result is in the board. */
  public CompletableFuture<HealthBoard> suspend() {
    return CompletableFuture.supplyAsync(
        () -> {
          suspended = true;
          prober.stop();
          board = monitor.board();
          return board;
        },
        loop);
  }

  /**
   * Probes again.
   *
   * @param newer what another process has found out meanwhile; null: nothing
   */
  public CompletableFuture<HealthBoard> resume(@Nullable HealthMemory newer) {
    return CompletableFuture.supplyAsync(
        () -> {
          suspended = false;
          if (newer != null) {
            List<HealthOverride> byFile = monitor.board().overrides(HealthOverride.Origin.FILE);
            monitor.define(List.of()); // or what is remembered of them would not be looked at
            monitor.recall(newer.checks(), newer.overrides());
            monitor.overrideByFile(byFile);
            probes.recall(newer.heartbeats());
          }
          return defineOnLoop(checks);
        },
        loop);
  }

  /** How long ago each target with a heartbeat called; from any thread. */
  public Map<String, Duration> heartbeats() {
    return probes.heartbeats();
  }

  /**
   * Makes these all the overrides that commands have set.
   *
   * @return completes with the first board that they are in force on
   */
  public CompletableFuture<HealthBoard> override(List<HealthOverride> overrides) {
    return CompletableFuture.supplyAsync(
        () -> {
          monitor.override(overrides);
          board = monitor.board();
          beatIfNeeded();
          return board;
        },
        loop);
  }

  /**
   * Takes the heartbeat of a check of kind heartbeat.
   *
   * @return false if there is no such check, or that is not its token
   */
  public boolean beat(String id, String token) {
    return probes.beat(id, token);
  }

  private HealthBoard defineOnLoop(Collection<HealthCheck> defined) {
    checks = defined;
    beatIfNeeded();
    monitor.define(defined);
    probes.define(defined);
    if (!suspended) {
      prober.define(defined);
    }
    board = monitor.board();
    return board;
  }

  private void observed(int index, Observation observation) {
    monitor.observe(index, observation);
    watcher.accept(registry.idOf(index), observation);
  }

  private void tell(HealthEvent event) {
    if (event instanceof HealthEvent.Changed changed) {
      Standing now = changed.standing();
      log.info("{} is {}: {}", changed.id(), now.word(), now.reason());
    }
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      log.error("The listener for health events failed; this one is lost: {}", event, e);
    }
  }

  private void publish(HealthBoard next) {
    board = next;
    try {
      listener.accept(next);
    } catch (RuntimeException e) {
      log.error("the listener for health changes failed; answers may be chosen by old health", e);
    }
  }

  private void beatIfNeeded() {
    if (beating == null && !isIdle()) {
      stalls.begin(loop.ticker().nanoTime());
      beating =
          loop.scheduleAtFixedRate(this::beat, 0, StallDetector.BEAT_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  /** Whether nothing is probed and nothing will end by itself. */
  private boolean isIdle() {
    return checks.isEmpty() && monitor.board().overrides().isEmpty();
  }

  private void beat() {
    stalls.beat(loop.ticker().nanoTime());
    monitor.tick();
    board = monitor.board();
    if (isIdle() && beating != null) {
      beating.cancel(false);
      beating = null;
    }
  }

  /**
   * The latest view. Changes of eligibility are in it at once, counters and reasons within a
   * quarter of a second.
   */
  public HealthBoard board() {
    return board;
  }

  /** Takes what another vantage point says. */
  public void hear(Votes votes) {
    loop.execute(() -> monitor.hear(votes));
  }

  /** The last results of every check; for any thread. */
  public HealthHistory history() {
    return monitor.history();
  }

  /**
   * Stops probing and ends the thread; waits for it, unless called from it. The last board stays
   * readable. Closing again does nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      loop.execute(
          () -> {
            prober.stop();
            probes.close();
          });
    }
    var ended = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    if (!loop.inEventLoop()) {
      ended.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
