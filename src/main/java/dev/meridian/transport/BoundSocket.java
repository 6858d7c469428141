package dev.meridian.transport;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** A socket that is being served by an event loop. */
interface BoundSocket {
  /** The address with the port that the kernel gave. */
  InetSocketAddress address();

  /** The receive buffer in octets that the kernel gave. */
  int receiveBufferOctets();

  /** Datagrams that the kernel dropped on their way into this socket; 0 if it does not tell. */
  long kernelDrops();

  /** Lets other sockets of this process bind the same address (SO_REUSEPORT). */
  void share();

  /** Answers what has arrived already where it can be told, then closes. Any thread, once. */
  Future<?> drainAndClose();
}
