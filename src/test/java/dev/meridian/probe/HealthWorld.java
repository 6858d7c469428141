package dev.meridian.probe;

import static java.util.Objects.requireNonNull;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Electorate;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthEvent;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthMonitor;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.health.Quorum;
import dev.meridian.health.Standing;
import dev.meridian.health.Votes;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Targets, and the servers that watch them, in virtual time and on one thread: the classes that run
 * in production from {@link Prober} to {@link HealthMemory}, and nothing else but a network, clocks
 * and a disk that do what they are told. The same seed is the same world.
 *
 * <p>Every server checks for itself, at every result, that nothing goes down without the failures
 * that this takes, that the guard's limit holds, and that no state of health leaves anybody without
 * an answer, under any policy.
 */
final class HealthWorld {
  static final Duration STEP = Duration.ofMillis(50);
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final HealthCheck.Settings SETTINGS =
      HealthCheck.Settings.builder().interval(INTERVAL).build();

  private static final HealthCheck.Settings SLOW =
      HealthCheck.Settings.builder().interval(INTERVAL).slowStart(Duration.ofMinutes(1)).build();

  /** Every change of health is answered by then; more would only take longer. */
  private static final int MOST_ANSWERED = 20;

  final List<Target> targets;
  final List<Server> servers;
  final Random random;
  private final HealthRules rules;

  /** What was seen that must never be; thrown when found, it would be lost on the loop. */
  private final List<String> violations = new ArrayList<>();

  /** What is watched. */
  static final class Target {
    final HealthCheck check;
    boolean up = true;

    /** The share of probes that are lost on the way. */
    double loss;

    Target(int number) {
      HealthCheck.Settings settings = number % 2 == 0 ? SETTINGS : SLOW;
      check =
          new HealthCheck(
              "target-" + number,
              InetAddress.ofLiteral("127.0.0.1"),
              new CheckKind.Tcp(80),
              settings);
    }
  }

  HealthWorld(long seed, int targets, int servers, HealthRules rules) {
    this.random = new Random(seed);
    this.rules = rules;
    this.targets = IntStream.range(0, targets).mapToObj(Target::new).toList();
    this.servers =
        IntStream.range(0, servers).mapToObj(number -> new Server("site/" + number)).toList();
    this.servers.forEach(each -> each.start(servers));
  }

  /** Lets time pass for everyone. */
  void run(Duration duration) {
    for (long step = duration.dividedBy(STEP); step > 0; step--) {
      servers.forEach(Server::step);
      if (!violations.isEmpty()) {
        throw new AssertionError(violations);
      }
    }
  }

  /** One vantage point: what a process has, and what stays when it ends. */
  final class Server {
    final String name;

    /** Probes that began. */
    int probes;

    /** Changes of what is answered. */
    int changes;

    boolean routed = true;
    boolean hasDescriptors = true;
    boolean hearsOthers = true;

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final EventExecutor executor = clock.eventLoop();
    private final Map<String, Integer> failuresInARow = new HashMap<>();

    /** What has failed as often as it takes, and is not up again. */
    private final Set<String> failed = new HashSet<>();

    private Duration wallClockError = Duration.ZERO;
    private byte[] disk = HealthMemory.EMPTY.octets();
    private Incarnation process;

    Server(String name) {
      this.name = name;
      clock.freezeTime();
      this.process = new Incarnation(HealthRules.PLAIN); // replaced before anything happens
    }

    private HealthRules rulesAmong(int servers) {
      return servers == 1 ? rules : rules.with(new Electorate(name, servers, Quorum.DEFAULT));
    }

    private void start(int servers) {
      process.end();
      process = new Incarnation(rulesAmong(servers));
      process.begin();
    }

    private void step() {
      clock.advanceTimeBy(STEP.toNanos(), TimeUnit.NANOSECONDS);
      clock.runScheduledPendingTasks();
    }

    /** Stands still while the others go on. */
    void freeze(Duration duration) {
      clock.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stepWallClock(Duration by) {
      wallClockError = wallClockError.plus(by);
    }

    /** Ends suddenly, with what is on the disk, and is back after a while. */
    void restart(Duration after) {
      process.end();
      clock.advanceTimeBy(after.toNanos(), TimeUnit.NANOSECONDS);
      start(servers.size());
    }

    /** As the keeper does: first on the disk, then in force. */
    void override(List<HealthOverride> overrides) {
      HealthMemory now = process.memory();
      disk = new HealthMemory(now.savedAt(), now.checks(), overrides, Map.of()).octets();
      process.monitor.override(overrides);
    }

    List<HealthOverride> overrides() {
      return process.monitor.board().overrides();
    }

    boolean isHealthy(Target target) {
      return status(target).isHealthy();
    }

    HealthStatus status(Target target) {
      return requireNonNull(process.monitor.board().status(target.check.id()));
    }

    /** Whether nothing starts slowly or was given another weight. */
    boolean isAsWritten() {
      return process.monitor.board().eligibility().isAsWritten();
    }

    long healthy() {
      return targets.stream().filter(this::isHealthy).count();
    }

    Instant wallClock() {
      return START.plusNanos(executor.ticker().nanoTime()).plus(wallClockError);
    }

    /** All that a sudden end takes away. */
    private final class Incarnation {
      final HealthMonitor monitor;
      private final HealthRules rules;
      private final HealthRegistry registry = new HealthRegistry();
      private final @Nullable WorldAnswers answers =
          targets.size() > MOST_ANSWERED
              ? null
              : new WorldAnswers(
                  targets.stream().mapToInt(each -> registry.indexOf(each.check.id())).toArray());
      private final StallDetector stalls = new StallDetector(executor.ticker().nanoTime());
      private final Prober prober;
      private final Deque<Long> wentDown = new ArrayDeque<>();
      private final List<Future<?>> timers = new ArrayList<>();

      Incarnation(HealthRules rules) {
        this.rules = rules;
        this.monitor =
            new HealthMonitor(
                registry,
                Server.this::wallClock,
                executor.ticker()::nanoTime,
                rules,
                this::answered,
                this::happened);
        this.prober = new Prober(executor, registry, this::probe, this::observed);
      }

      void begin() {
        HealthMemory kept = read().at(wallClock());
        monitor.recall(kept.checks(), kept.overrides());
        List<HealthCheck> checks = targets.stream().map(each -> each.check).toList();
        monitor.define(checks);
        prober.define(checks);
        every(StallDetector.BEAT_NANOS, this::beat);
        every(TimeUnit.SECONDS.toNanos(1), () -> disk = memory().octets());
        every(TimeUnit.SECONDS.toNanos(1), this::vote);
      }

      private HealthMemory read() {
        try {
          return HealthMemory.read(disk);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      private void every(long nanos, Runnable task) {
        timers.add(executor.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS));
      }

      HealthMemory memory() {
        return HealthMemory.of(monitor.board(), Map.of(), wallClock());
      }

      void end() {
        prober.stop();
        timers.forEach(each -> each.cancel(false));
      }

      private void beat() {
        stalls.beat(executor.ticker().nanoTime());
        monitor.tick();
      }

      private void vote() {
        for (Server other : servers) {
          if (other != Server.this && hearsOthers && other.hearsOthers) {
            other.process.monitor.hear(Votes.of(name, monitor.board()));
          }
        }
      }

      private Prober.Running probe(HealthCheck check, Duration budget, Consumer<Observation> done) {
        probes++;
        Target target = targets.get(Integer.parseInt(check.id().substring("target-".length())));
        long started = executor.ticker().nanoTime();
        Reason reason = finding(target);
        long taken =
            reason == Reason.CONNECT_TIMEOUT
                ? budget.toNanos()
                : TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(100));
        var end =
            executor.schedule(
                () -> done.accept(observation(reason, started)), taken, TimeUnit.NANOSECONDS);
        return () -> end.cancel(false);
      }

      private Reason finding(Target target) {
        if (!hasDescriptors) {
          return Reason.LOCAL_TROUBLE;
        }
        if (!routed || random.nextDouble() < target.loss) {
          return Reason.CONNECT_TIMEOUT;
        }
        return target.up ? Reason.OK : Reason.CONNECT_REFUSED;
      }

      /** As a probe sees it that ended while nobody was there. */
      private Observation observation(Reason reason, long started) {
        long now = executor.ticker().nanoTime();
        Reason seen = stalls.stalledSince(started, now) ? Reason.CHECKER_STALLED : reason;
        return new Observation(seen, "simulated", started, Duration.ofNanos(now - started));
      }

      private void observed(int index, Observation observation) {
        String id = registry.idOf(index);
        switch (observation.outcome()) {
          case PASS -> failuresInARow.put(id, 0);
          case FAIL -> failuresInARow.merge(id, 1, Integer::sum);
          case UNKNOWN -> {} // neither
        }
        if (failuresInARow.getOrDefault(id, 0) >= SETTINGS.failureThreshold()) {
          failed.add(id);
        }
        monitor.observe(index, observation);
      }

      private void answered(HealthBoard board) {
        if (answers != null) {
          violations.addAll(answers.wrongIn(board.eligibility()));
        }
      }

      private void happened(HealthEvent event) {
        if (!(event instanceof HealthEvent.Changed changed)) {
          return;
        }
        if (changed.standing().healthy() && changed.standing().cause() == Standing.Cause.VERDICT) {
          failed.remove(changed.id());
        }
        changes += changed.before().healthy() == changed.standing().healthy() ? 0 : 1;
        if (changed.before().healthy() && !changed.standing().healthy()) {
          wentDown(changed.id(), changed.standing());
        }
      }

      private void wentDown(String id, Standing standing) {
        if (standing.cause() == Standing.Cause.OVERRIDE) {
          return;
        }
        if (servers.stream().noneMatch(each -> each.failed.contains(id))) {
          violations.add(id + " went down after too few failures: " + standing);
        }
        long now = executor.ticker().nanoTime();
        wentDown.addLast(now);
        while (now - wentDown.getFirst() >= MINUTE.toNanos()) {
          wentDown.removeFirst();
        }
        int limit = Math.max(5, targets.size() * rules.guard().percent() / 100);
        if (wentDown.size() > limit) {
          violations.add(wentDown.size() + " went down within a minute");
        }
      }
    }
  }
}
