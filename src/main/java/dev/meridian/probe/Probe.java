package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to use a target: a fresh connection, one deadline for all of it, one observation at
 * the end. Everything happens on the health thread.
 */
final class Probe implements Prober.Running {
  /** How far a probe has come, and so what it means when time is up. */
  enum Stage {
    CONNECT(Reason.CONNECT_TIMEOUT, "Connection timed out"),
    HANDSHAKE(Reason.TLS_FAILED, "TLS handshake timed out"),
    HEADER(Reason.RESPONSE_TIMEOUT, "no complete response header"),
    BODY(Reason.RESPONSE_TIMEOUT, "search string not found, and the body did not end");

    private final Reason late;
    private final String text;

    Stage(Reason late, String text) {
      this.late = late;
      this.text = text;
    }
  }

  /** Small, so that what a target can make us hold is small. */
  private static final int READ_OCTETS = 4096;

  private final HealthCheck check;
  private final ProbeEnvironment environment;
  private final Consumer<Observation> done;
  private final long startedNanos;

  private Stage stage = Stage.CONNECT;
  private boolean over;
  private @Nullable Future<?> deadline;
  private @Nullable NioSocketChannel channel;

  private Probe(HealthCheck check, ProbeEnvironment environment, Consumer<Observation> done) {
    this.check = check;
    this.environment = environment;
    this.done = done;
    this.startedNanos = environment.nanoTime();
  }

  /**
   * Begins a probe. {@code done} is called exactly once, at the latest when {@code budget} is used
   * up and possibly before this method returns; never after {@link #abort()}.
   */
  static Probe start(
      HealthCheck check,
      Duration budget,
      ProbeEnvironment environment,
      Consumer<Observation> done) {
    Probe probe = new Probe(check, environment, done);
    EventLoop loop = environment.loop();
    probe.deadline = loop.schedule(probe::expire, budget.toNanos(), TimeUnit.NANOSECONDS);
    probe.connect(loop);
    return probe;
  }

  // Netty's epoll sockets would report ENETUNREACH (our fault) and EHOSTUNREACH (the target's) as
  // one class; NIO's tell them apart, and a probe needs no speed.
  private void connect(EventLoop loop) {
    try {
      NioSocketChannel opened = new NioSocketChannel();
      // On the loop's own thread this is done at once; it only throws what went wrong.
      loop.register(opened).syncUninterruptibly();
      channel = opened;
      opened.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
      opened.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_OCTETS));
      int port = prepare(opened);
      opened
          .connect(new InetSocketAddress(check.probedAddress(), port))
          .addListener((ChannelFuture connect) -> connected(connect));
    } catch (Exception e) {
      conclude(Failures.ofBeginning(e));
    }
  }

  /** Sets up what will be said once connected; gives the port. */
  private int prepare(NioSocketChannel opened) throws GeneralSecurityException {
    return switch (check.kind()) {
      case CheckKind.Tcp tcp -> tcp.port();
      case CheckKind.Http http -> {
        HttpDialogue.install(opened.pipeline(), this, check, http, environment);
        yield http.port();
      }
      case CheckKind.Calculated _ ->
          throw new IllegalArgumentException("a calculated check is not probed");
    };
  }

  private void connected(ChannelFuture connect) {
    Throwable cause = connect.cause();
    if (cause != null) {
      conclude(Failures.ofConnect(cause));
    } else if (check.kind() instanceof CheckKind.Tcp) {
      conclude(new Finding(Reason.OK, "TCP connection established"));
    }
  }

  /** Notes how far the probe has come. */
  void enter(Stage next) {
    stage = next;
  }

  Stage stage() {
    return stage;
  }

  private void expire() {
    long millis = elapsed(environment.nanoTime()).toMillis();
    conclude(new Finding(stage.late, stage.text + " after " + millis + " ms"));
  }

  /** Ends the probe with its result; whatever comes later changes nothing. */
  void conclude(Finding finding) {
    if (over) {
      return;
    }
    release();
    long now = environment.nanoTime();
    Finding believed = believed(finding, now);
    done.accept(new Observation(believed.reason(), believed.detail(), startedNanos, elapsed(now)));
  }

  private Finding believed(Finding finding, long now) {
    if (finding.reason().outcome() == Outcome.FAIL
        && environment.stalls().stalledSince(startedNanos, now)) {
      return new Finding(
          Reason.CHECKER_STALLED,
          "the checker was not running during the probe, which found: " + finding.detail());
    }
    return finding;
  }

  /** Ends the probe without a result. */
  @Override
  public void abort() {
    if (!over) {
      release();
    }
  }

  private void release() {
    over = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (channel != null) {
      var _ = channel.close();
    }
  }

  private Duration elapsed(long now) {
    return Duration.ofNanos(now - startedNanos);
  }
}
