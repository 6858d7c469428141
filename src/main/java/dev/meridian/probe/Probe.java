package dev.meridian.probe;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Measures;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
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
    BODY(Reason.RESPONSE_TIMEOUT, "no match in the body, which did not end"),
    ANSWER(Reason.RESPONSE_TIMEOUT, "not answered as expected");

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
  private boolean hasSocket;
  private @Nullable Future<?> deadline;
  private @Nullable Channel channel;
  private long connectedNanos;
  private long securedNanos;
  private long answeredNanos;
  private @Nullable Instant certificateExpires;

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
    probe.hasSocket = environment.sockets().take();
    if (probe.hasSocket) {
      probe.connect(loop);
    } else {
      probe.conclude(environment.sockets().exhausted());
    }
    return probe;
  }

  // Netty's epoll sockets would report ENETUNREACH (our fault) and EHOSTUNREACH (the target's) as
  // one class; NIO's tell them apart, and a probe needs no speed.
  private void connect(EventLoop loop) {
    try {
      Channel opened =
          check.kind() instanceof CheckKind.Dns ? new NioDatagramChannel() : new NioSocketChannel();
      // On the loop's own thread this is done at once; it only throws what went wrong.
      loop.register(opened).syncUninterruptibly();
      channel = opened;
      opened.config().setConnectTimeoutMillis(0);
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
  private int prepare(Channel opened) throws GeneralSecurityException {
    return switch (check.kind()) {
      case CheckKind.Tcp tcp -> {
        BodyMatch.Search expect = tcp.expect();
        if (expect != null) {
          opened.pipeline().addLast(new TcpDialogue(this, tcp, expect));
        }
        yield tcp.port();
      }
      case CheckKind.Handshake handshake -> {
        String host = ProbeRequest.host(check.probedAddress(), handshake.host());
        opened
            .pipeline()
            .addLast(
                environment.tls().handler(handshake.tls(), host, handshake.port()),
                new TlsWatcher(this, handshake.tls(), environment.clock().instant(), true));
        yield handshake.port();
      }
      case CheckKind.Dns dns -> {
        opened.pipeline().addLast(new DnsDialogue(this, dns, environment.nextId()));
        yield dns.port();
      }
      case CheckKind.Http http -> {
        HttpDialogue.install(opened.pipeline(), this, check, http, environment);
        yield http.port();
      }
      case CheckKind.Calculated _ ->
          throw new IllegalArgumentException("a calculated check is not probed");
    };
  }

  private void connected(ChannelFuture connect) {
    connectedNanos = environment.nanoTime();
    Throwable cause = connect.cause();
    if (cause != null) {
      conclude(Failures.ofConnect(cause));
    } else if (check.kind() instanceof CheckKind.Tcp tcp && tcp.expect() == null) {
      conclude(new Finding(Reason.OK, "TCP connection established"));
    }
  }

  /** Notes how far the probe has come. */
  void enter(Stage next) {
    stage = next;
  }

  /** Notes the end of the TLS handshake, and how long the certificate is valid. */
  void secured(Instant certificateExpires) {
    this.certificateExpires = certificateExpires;
    securedNanos = environment.nanoTime();
  }

  /** Notes that something came from the target. */
  void answered() {
    if (answeredNanos == 0) {
      answeredNanos = environment.nanoTime();
    }
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
    done.accept(
        new Observation(
            believed.reason(), believed.detail(), startedNanos, elapsed(now), measures()));
  }

  private Measures measures() {
    if (connectedNanos == 0) {
      return Measures.NONE;
    }
    long ready = securedNanos == 0 ? connectedNanos : securedNanos;
    return new Measures(
        Duration.ofNanos(connectedNanos - startedNanos),
        securedNanos == 0 ? null : Duration.ofNanos(securedNanos - connectedNanos),
        answeredNanos == 0 ? null : Duration.ofNanos(answeredNanos - ready),
        certificateExpires);
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
    if (hasSocket) {
      environment.sockets().giveBack();
    }
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
