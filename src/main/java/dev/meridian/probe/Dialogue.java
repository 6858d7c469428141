package dev.meridian.probe;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * One side of a conversation with a target: what a probe says once it is connected, and what it
 * makes of what it hears. It ends by telling its {@link Probe} what was found; nothing is called
 * after that. Called by the health thread only.
 */
interface Dialogue {
  /** The connection is there, and with TLS it is secured. */
  void begin(Line line);

  /** Something came, only lent; a datagram may be empty. */
  void hear(ByteBuf piece);

  /** The target says nothing more. */
  void ended();

  /** What is asked for by ALPN (RFC 7301); empty: nothing. */
  default List<String> protocols() {
    return List.of();
  }

  /** What it means that the connection broke. */
  default Finding broken(Throwable cause) {
    return Failures.ofExchange(cause);
  }
}
