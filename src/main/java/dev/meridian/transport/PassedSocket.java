package dev.meridian.transport;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A listening socket on its way to another process, which shares it from then on: both have the
 * same queue of what has arrived, and what one takes out the other does not see.
 *
 * @param kind what it is for
 * @param descriptor of this process
 */
public record PassedSocket(Kind kind, int descriptor) {
  /** What a socket is for. */
  public enum Kind {
    /** DNS over UDP, read by a thread that waits. */
    UDP,
    /** DNS over UDP, read by an event loop. */
    UDP_EVENTS,
    /** DNS over TCP. */
    TCP,
    /** The API over TCP. */
    HTTP,
    /** The API over a Unix socket. */
    HTTP_SOCKET,
    /** Where processes ask to take over. */
    UPGRADE
  }

  /** Where it listens, if that is an IP address. */
  public InetSocketAddress address() {
    return new Socket(descriptor).localAddress();
  }

  /** Closes it in this process. */
  public void close() {
    try {
      new Socket(descriptor).close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
