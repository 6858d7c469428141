package dev.meridian.probe;

import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import io.netty.channel.IoEventLoop;
import java.time.InstantSource;

/**
 * What all probes of one health thread share.
 *
 * @param loop the thread; it does NIO
 * @param stalls told by the loop's owner when the loop is alive
 * @param tls makes HTTPS connections
 * @param clock the wall clock, which certificates go by
 * @param version of this program, for the User-Agent
 * @param sources what the sockets of probes are bound to
 * @param sockets how many probes may be under way
 * @param in where plain connections are read into
 */
record ProbeEnvironment(
    IoEventLoop loop,
    StallDetector stalls,
    TlsClient tls,
    InstantSource clock,
    String version,
    ProbeSources sources,
    SocketBudget sockets,
    ReadBuffer in) {
  /** With half of the descriptors that this process may have. */
  ProbeEnvironment(
      IoEventLoop loop,
      StallDetector stalls,
      TlsClient tls,
      InstantSource clock,
      String version,
      ProbeSources sources) {
    this(loop, stalls, tls, clock, version, sources, SocketBudget.ofProcess(), new ReadBuffer());
  }

  /** The monotonic clock that the loop's timers go by. */
  long nanoTime() {
    return loop.ticker().nanoTime();
  }

  /** A failure that was found while this process was not running says nothing of the target. */
  Finding believed(Finding finding, long startedNanos) {
    return finding.reason().outcome() == Outcome.FAIL
            && stalls.stalledSince(startedNanos, nanoTime())
        ? new Finding(
            Reason.CHECKER_STALLED,
            "the checker was not running during the probe, which found: " + finding.detail())
        : finding;
  }

  /** An id for a DNS query, which nobody can guess (RFC 5452). */
  int nextId() {
    return tls.random().nextInt(1 << 16);
  }
}
