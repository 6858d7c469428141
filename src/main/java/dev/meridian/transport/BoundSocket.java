package dev.meridian.transport;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** A socket that belongs to a loop, whose thread serves it once it is told to. */
interface BoundSocket {
  /** The address with the port that the kernel gave. */
  InetSocketAddress address();

  /** The receive buffer in octets that the kernel gave. */
  int receiveBufferOctets();

  /** Datagrams that the kernel dropped on their way into this socket; 0 if it does not tell. */
  long kernelDrops();

  /** Lets other sockets of this process bind the same address (SO_REUSEPORT). */
  void share();

  /** Its number in this process; negative if it cannot be told. */
  int descriptor();

  /**
   * Has the loop read from now on what has arrived and what will; again, does nothing. Any thread.
   */
  void serve();

  /**
   * Has the loop read nothing more until {@link #serve()}. Another process may share the socket: it
   * goes on to receive. Any thread.
   */
  void pause();

  /** Answers what has arrived already where it can be told, then closes. Any thread, once. */
  Future<?> drainAndClose();
}
