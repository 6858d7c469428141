package dev.meridian.transport;

/** A way to read and write datagrams. All of them answer alike; they differ in cost. */
public enum UdpPath {
  /** The first of {@link #FOREIGN}, {@link #NETTY} and {@link #NIO} that works on this machine. */
  AUTO,

  /**
   * Linux calls {@code recvmmsg} and {@code sendmmsg} through {@code java.lang.foreign}, on a
   * thread of its own per loop. Allocates nothing per datagram. Linux on x86_64 and aarch64 only.
   */
  FOREIGN,

  /** Netty's epoll datagram channel, which batches with the same calls. Linux only. */
  NETTY,

  /** Netty's NIO datagram channel: one datagram per call, one socket per address. Anywhere. */
  NIO
}
