package dev.meridian.probe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.sun.management.ThreadMXBean;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.Observation;
import dev.meridian.health.TargetGuard;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.ByteChannel;
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

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final IoEventLoop loop = group.next();
  private final StallDetector stalls = new StallDetector(loop.ticker().nanoTime());

  private volatile SocketBudget sockets = SocketBudget.ofProcess();
  private volatile ProbeSources sources = ProbeSources.ANY;
  private final TlsClient tls = new TlsClient(null);
  private final CountingBuffer in = new CountingBuffer();
  private volatile Cost cost = new Cost(0, 0);

  /**
   * What the last probe took, exactly.
   *
   * @param octetsRead without TLS, from the socket
   * @param octetsAllocated on the heap, from its beginning to its result: more than it ever held
   */
  record Cost(long octetsRead, long octetsAllocated) {}

  private static final class CountingBuffer extends ReadBuffer {
    private long octets;

    @Override
    @Nullable ByteBuf read(ByteChannel channel) throws IOException {
      ByteBuf piece = super.read(channel);
      octets += piece == null ? 0 : piece.readableBytes();
      return piece;
    }
  }

  ProbeRunner() {
    var _ =
        loop.scheduleAtFixedRate(
            () -> stalls.beat(loop.ticker().nanoTime()), 0, StallDetector.BEAT_NANOS, NANOSECONDS);
  }

  /** What the last probe took. */
  Cost cost() {
    return cost;
  }

  /** What later probes have for sockets. */
  void sockets(SocketBudget sockets) {
    this.sockets = sockets;
  }

  /** Where later probes leave from. */
  void sources(ProbeSources sources) {
    this.sources = sources;
  }

  private ProbeEnvironment environment(TlsClient with) {
    return new ProbeEnvironment(
        loop, stalls, with, InstantSource.system(), "1.2.3", sources, sockets, in);
  }

  Observation run(CheckKind kind) throws Exception {
    return run(kind, PATIENT);
  }

  Observation run(CheckKind kind, Duration budget) throws Exception {
    return run(kind, budget, tls);
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
    ProbeEnvironment environment = environment(tls);
    in.octets = 0;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Probe.start(
        check,
        budget,
        environment,
        observation -> {
          cost = new Cost(in.octets, THREADS.getCurrentThreadAllocatedBytes() - before);
          result.complete(observation);
        });
  }

  /** Runs a check of any kind, as the checker begins it. */
  Observation run(HealthCheck check, Duration budget, boolean exec) throws Exception {
    CompletableFuture<Observation> result = new CompletableFuture<>();
    ProbeEnvironment environment = environment(tls);
    ProbeSettings settings = new ProbeSettings("1.2.3", ProbeSettings.of("").resolver(), exec);
    Probes probes = new Probes(environment, settings, TargetGuard.DEFAULT);
    loop.execute(
        () -> {
          var _ = probes.start(check, budget, result::complete);
        });
    try {
      return result.get(60, SECONDS);
    } finally {
      probes.close();
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, SECONDS).syncUninterruptibly();
  }
}
