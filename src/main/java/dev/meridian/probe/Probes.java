package dev.meridian.probe;

import dev.meridian.health.ExecCheck;
import dev.meridian.health.FileCheck;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HeartbeatCheck;
import dev.meridian.health.IcmpCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.health.TargetGuard;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Begins a probe in the way of its kind. Used by the health thread only, but for heartbeats, which
 * come in on any.
 */
final class Probes implements Prober.Starter {
  private static final Prober.Running OVER = () -> {};

  private final ProbeEnvironment environment;
  private final ProbeSettings settings;
  private final TargetGuard guard;
  private final Aim aim;
  private final Heartbeats heartbeats;
  private final Pings pings;
  private final Verdicts verdicts = new Verdicts();

  /** One thread, made when it is needed: it reads files, and the {@link Verdicts} are its own. */
  private final ExecutorService files =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("meridian-verdicts").daemon().factory());

  private final ExecutorService programs = Executors.newVirtualThreadPerTaskExecutor();

  Probes(ProbeEnvironment environment, ProbeSettings settings, TargetGuard guard) {
    this.environment = environment;
    this.settings = settings;
    this.guard = guard;
    this.aim = new Aim(settings.resolver(), guard);
    this.pings = new Pings(environment);
    this.heartbeats = new Heartbeats(environment::nanoTime);
  }

  /** Makes ready for these checks and no others. */
  void define(Collection<HealthCheck> checks) {
    aim.define(checks);
    heartbeats.define(checks);
    pings.define(checks);
  }

  /** See {@link Heartbeats#recall}. */
  void recall(Map<String, Duration> heartbeats) {
    this.heartbeats.recall(heartbeats);
  }

  /** How long ago each target with a heartbeat called; from any thread. */
  Map<String, Duration> heartbeats() {
    return heartbeats.ages();
  }

  /** Takes a heartbeat, on any thread; false if there is no such check or token. */
  boolean beat(String id, String token) {
    return heartbeats.beat(id, token);
  }

  /** Ends what was begun for probes; those under way have been aborted. */
  void close() {
    aim.close();
    pings.close();
    files.shutdownNow();
    programs.shutdownNow();
  }

  @Override
  public Prober.Running start(HealthCheck check, Duration budget, Consumer<Observation> done) {
    DomainName name = check.name();
    if (name == null) {
      return atAddress(check, budget, done);
    }
    long turn = environment.nanoTime() / check.settings().interval().toNanos();
    return switch (aim.take(name, turn)) {
      case Aim.Result.At at -> started(check.at(at.address()), budget, done);
      case Aim.Result.Nowhere nowhere -> told(nowhere.finding(), done);
    };
  }

  /** Checks have been admitted where they were read; this holds whoever defined them. */
  private Prober.Running atAddress(HealthCheck check, Duration budget, Consumer<Observation> done) {
    InetAddress address = check.address();
    String refusal = address == null ? null : guard.refusal(address);
    return refusal == null
        ? started(check, budget, done)
        : told(new Finding(Reason.LOCAL_TROUBLE, check.target() + " " + refusal), done);
  }

  private Prober.Running started(HealthCheck check, Duration budget, Consumer<Observation> done) {
    return switch (check.kind()) {
      case IcmpCheck _ -> PingProbe.start(check, budget, environment, pings, done);
      case HeartbeatCheck _ -> told(heartbeats.judge(check), done);
      case FileCheck file ->
          AwayProbe.start(
              environment,
              budget,
              files,
              () -> verdicts.judge(file, check.id(), environment.clock().instant()),
              done);
      case ExecCheck exec when settings.exec() ->
          AwayProbe.start(environment, budget, programs, new ProgramRun(check, exec), done);
      case ExecCheck _ ->
          told(
              new Finding(
                  Reason.LOCAL_TROUBLE,
                  "programs are not run here; health-exec: on in the configuration permits it"),
              done);
      default -> Probe.start(check, budget, environment, done);
    };
  }

  /** What needs no waiting for. */
  private Prober.Running told(Finding finding, Consumer<Observation> done) {
    done.accept(
        new Observation(finding.reason(), finding.detail(), environment.nanoTime(), Duration.ZERO));
    return OVER;
  }
}
