package dev.meridian.probe;

import io.netty.channel.EventLoop;

/**
 * What all probes of one health thread share.
 *
 * @param loop the thread; it does NIO
 * @param stalls told by the loop's owner when the loop is alive
 * @param tls makes HTTPS connections
 * @param version of this program, for the User-Agent
 */
record ProbeEnvironment(EventLoop loop, StallDetector stalls, TlsClient tls, String version) {
  /** The monotonic clock that the loop's timers go by. */
  long nanoTime() {
    return loop.ticker().nanoTime();
  }
}
