package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.ExecCheck;
import dev.meridian.health.FileCheck;
import dev.meridian.health.GrpcCheck;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HeartbeatCheck;
import dev.meridian.health.IcmpCheck;
import dev.meridian.health.MetricCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Measures;
import dev.meridian.health.Observation.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt to use a target: a fresh connection, and a dialogue over it. */
final class Probe extends Attempt {
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

  /**
   * How often a probe reads from its target at most: each time costs a few microseconds, however
   * few octets there are. What is looked at of the longest response is 56 full segments.
   */
  static final int MAX_PIECES = 128;

  /** What a probe finds that would have to read once more. */
  static final Finding TOO_MANY_PIECES =
      new Finding(
          Reason.RESPONSE_TOO_LARGE,
          "no verdict within " + MAX_PIECES + " pieces; the target sends few octets at a time");

  private final HealthCheck check;

  private Stage stage = Stage.CONNECT;
  private @Nullable Line line;
  private int pieces;
  private long connectedNanos;
  private long securedNanos;
  private long answeredNanos;
  private @Nullable Instant certificateExpires;

  private Probe(HealthCheck check, ProbeEnvironment environment, Consumer<Observation> done) {
    super(environment, done);
    this.check = check;
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
    probe.expireAfter(budget);
    if (probe.takeSocket()) {
      probe.connect();
    }
    return probe;
  }

  private void connect() {
    try {
      int port = check.kind().port();
      Dialogue dialogue = dialogue();
      InetSocketAddress target = new InetSocketAddress(check.probedAddress(), port);
      Line opened = open(dialogue, target);
      if (isOver()) {
        opened.close();
      } else {
        line = opened;
      }
    } catch (Exception e) {
      conclude(Failures.ofBeginning(e));
    }
  }

  private Line open(Dialogue dialogue, InetSocketAddress target)
      throws IOException, GeneralSecurityException {
    CheckKind kind = check.kind();
    CheckKind.Tls tls = kind.tls();
    if (tls != null) {
      String host = ProbeRequest.host(check.probedAddress(), kind.host());
      return TlsLine.open(this, dialogue, tls, host, target);
    }
    return kind instanceof CheckKind.Dns
        ? PlainLine.udp(this, dialogue, target)
        : PlainLine.tcp(this, dialogue, target);
  }

  /** What will be said once connected. */
  private Dialogue dialogue() {
    return switch (check.kind()) {
      case CheckKind.Tcp tcp -> new TcpDialogue(this, tcp);
      case CheckKind.Handshake _ -> new HandshakeDialogue(this);
      case CheckKind.Dns dns -> new DnsDialogue(this, dns, environment().nextId());
      case CheckKind.Http http ->
          new HttpDialogue(this, http, ProbeRequest.octets(check, http, environment().version()));
      case MetricCheck metric ->
          new HttpDialogue(
              this,
              metric.request(),
              ProbeRequest.octets(check, metric.request(), environment().version()));
      case GrpcCheck grpc ->
          new GrpcDialogue(this, grpc, ProbeRequest.hostHeader(check.probedAddress(), grpc));
      case CheckKind.Calculated _, FileCheck _, HeartbeatCheck _, ExecCheck _, IcmpCheck _ ->
          throw new IllegalArgumentException("a check of this kind connects to nothing");
    };
  }

  /** Notes that the target took the connection. */
  void connected() {
    connectedNanos = environment().nanoTime();
  }

  /** Notes how far the probe has come. */
  void enter(Stage next) {
    stage = next;
  }

  /** Notes the end of the TLS handshake, and how long the certificate is valid. */
  void secured(Instant certificateExpires) {
    this.certificateExpires = certificateExpires;
    securedNanos = environment().nanoTime();
  }

  /** Counts what is read from the target; false if the probe is over. */
  boolean reads() {
    if (++pieces > MAX_PIECES) {
      conclude(TOO_MANY_PIECES);
    }
    return !isOver();
  }

  /** Notes that something was heard from the target, over TLS within it. */
  void answered() {
    if (answeredNanos == 0) {
      answeredNanos = environment().nanoTime();
    }
  }

  Stage stage() {
    return stage;
  }

  HealthCheck check() {
    return check;
  }

  /** For how many days the certificate that was shown is valid. */
  long certificateDays() {
    Instant expires = certificateExpires;
    return expires == null
        ? 0
        : Duration.between(environment().clock().instant(), expires).toDays();
  }

  @Override
  Finding late(long millis) {
    return new Finding(stage.late, stage.text + " after " + millis + " ms");
  }

  @Override
  Measures measures() {
    if (connectedNanos == 0) {
      return Measures.NONE;
    }
    long ready = securedNanos == 0 ? connectedNanos : securedNanos;
    return new Measures(
        Duration.ofNanos(connectedNanos - startedNanos()),
        securedNanos == 0 ? null : Duration.ofNanos(securedNanos - connectedNanos),
        answeredNanos == 0 ? null : Duration.ofNanos(answeredNanos - ready),
        certificateExpires);
  }

  @Override
  Finding meaning(Finding finding) {
    if (check.kind() instanceof MetricCheck metric) {
      return Insufficiency.judged(metric.insufficient(), finding);
    }
    return finding;
  }

  @Override
  void release() {
    if (line != null) {
      line.close();
    }
  }
}
