package dev.meridian.probe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.Observation;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs single probes on an event loop of its own. */
final class ProbeRunner implements AutoCloseable {
  /** Far more than any probe of a local target needs, on any machine. */
  static final Duration PATIENT = Duration.ofSeconds(20);

  /** For targets that never finish. */
  static final Duration SHORT = Duration.ofMillis(300);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final IoEventLoop loop = group.next();
  private final StallDetector stalls = new StallDetector(loop.ticker().nanoTime());

  private volatile SocketBudget sockets = SocketBudget.ofProcess();

  ProbeRunner() {
    var _ =
        loop.scheduleAtFixedRate(
            () -> stalls.beat(loop.ticker().nanoTime()), 0, StallDetector.BEAT_NANOS, NANOSECONDS);
  }

  /** What later probes have for sockets. */
  void sockets(SocketBudget sockets) {
    this.sockets = sockets;
  }

  Observation run(CheckKind kind) throws Exception {
    return run(kind, PATIENT);
  }

  Observation run(CheckKind kind, Duration budget) throws Exception {
    return run(kind, budget, (KeyStore) null);
  }

  Observation run(CheckKind kind, Duration budget, @Nullable KeyStore anchors) throws Exception {
    return run(kind, budget, new TlsClient(anchors));
  }

  Observation run(CheckKind kind, Duration budget, TlsClient tls) throws Exception {
    CompletableFuture<Observation> result = new CompletableFuture<>();
    loop.execute(() -> start(kind, budget, tls, result));
    return result.get(60, SECONDS);
  }

  private void start(
      CheckKind kind, Duration budget, TlsClient tls, CompletableFuture<Observation> result) {
    HealthCheck check = new HealthCheck("test/web", Target.LOOPBACK, kind, Settings.DEFAULT);
    ProbeEnvironment environment =
        new ProbeEnvironment(
            loop, stalls, tls, InstantSource.system(), "1.2.3", sockets, new ReadBuffer());
    Probe.start(check, budget, environment, result::complete);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, SECONDS).syncUninterruptibly();
  }
}
