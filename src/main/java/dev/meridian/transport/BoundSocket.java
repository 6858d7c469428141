package dev.meridian.transport;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** A socket that is being served by an event loop. */
interface BoundSocket {
  /** The address with the port that the kernel gave. */
  InetSocketAddress address();

  /** Lets other sockets of this process bind the same address (SO_REUSEPORT). */
  void share();

  /** Answers what has arrived already, then closes; may be called from any thread, once. */
  Future<?> drainAndClose();
}
