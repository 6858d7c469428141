package dev.meridian.probe;

import io.netty.channel.EventLoop;
import java.time.InstantSource;

/**
 * What all probes of one health thread share.
 *
 * @param loop the thread; it does NIO
 * @param stalls told by the loop's owner when the loop is alive
 * @param tls makes HTTPS connections
 * @param clock the wall clock, which certificates go by
 * @param version of this program, for the User-Agent
 * @param sockets how many probes may be under way
 */
record ProbeEnvironment(
    EventLoop loop,
    StallDetector stalls,
    TlsClient tls,
    InstantSource clock,
    String version,
    SocketBudget sockets) {
  /** With half of the descriptors that this process may have. */
  ProbeEnvironment(
      EventLoop loop, StallDetector stalls, TlsClient tls, InstantSource clock, String version) {
    this(loop, stalls, tls, clock, version, SocketBudget.ofProcess());
  }

  /** The monotonic clock that the loop's timers go by. */
  long nanoTime() {
    return loop.ticker().nanoTime();
  }

  /** An id for a DNS query, which nobody can guess (RFC 5452 §9.2). */
  int nextId() {
    return tls.random().nextInt(1 << 16);
  }
}
