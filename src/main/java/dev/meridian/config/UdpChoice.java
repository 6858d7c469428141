package dev.meridian.config;

/** How datagrams are read and written; the transport knows each of them by the same name. */
public enum UdpChoice {
  /** The first of the others that works on this machine. */
  AUTO,
  /** {@code recvmmsg} and {@code sendmmsg}, called directly by a thread per loop; Linux only. */
  FOREIGN,
  /** Netty's epoll channel; Linux only. */
  NETTY,
  /** The JDK's own channel; works anywhere. */
  NIO
}
