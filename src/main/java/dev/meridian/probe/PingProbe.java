package dev.meridian.probe;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Measures;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.PingSocket.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a target for an echo, once.
 *
 * <pre>
 * answered                             a pass
 * no answer, or no route to the host   a failure
 * this process may not ping            unknown, with what to do about it
 * no network, no memory                unknown
 * </pre>
 */
final class PingProbe extends Attempt {
  private final InetAddress target;
  private final Pings pings;
  private @Nullable Long nonce;
  private long askedNanos;
  private long answeredNanos;

  private PingProbe(
      InetAddress target, ProbeEnvironment environment, Pings pings, Consumer<Observation> done) {
    super(environment, done);
    this.target = target;
    this.pings = pings;
  }

  /** Begins a probe. */
  static PingProbe start(
      HealthCheck check,
      Duration budget,
      ProbeEnvironment environment,
      Pings pings,
      Consumer<Observation> done) {
    PingProbe probe = new PingProbe(check.probedAddress(), environment, pings, done);
    probe.expireAfter(budget);
    var _ =
        pings.socket(Family.of(probe.target)).whenCompleteAsync(probe::opened, environment.loop());
    return probe;
  }

  private void opened(@Nullable PingSocket socket, @Nullable Throwable failure) {
    if (isOver()) {
      return;
    }
    if (socket == null) {
      conclude(Failures.ofBeginning(failure == null ? new IOException("no socket") : failure));
      return;
    }
    askedNanos = environment().nanoTime();
    try {
      nonce = pings.ask(socket, target, this::answered);
    } catch (NoRouteToHostException e) {
      conclude(Failures.ofConnect(e));
    } catch (IOException e) {
      conclude(Failures.ofBeginning(e));
    }
  }

  private void answered() {
    answeredNanos = environment().nanoTime();
    conclude(new Finding(Reason.OK, "echo request answered"));
  }

  @Override
  Finding late(long millis) {
    return askedNanos == 0
        ? new Finding(Reason.CHECKER_STALLED, "no ping socket after " + millis + " ms")
        : new Finding(Reason.RESPONSE_TIMEOUT, "echo request not answered after " + millis + " ms");
  }

  @Override
  Measures measures() {
    return answeredNanos == 0
        ? Measures.NONE
        : new Measures(null, null, Duration.ofNanos(answeredNanos - askedNanos), null);
  }

  @Override
  void release() {
    pings.forget(nonce);
  }
}
