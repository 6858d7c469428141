package dev.meridian.transport;

import io.netty.channel.IoEventLoop;

/** One event loop of Netty and all that belongs to it alone. */
final class LoopState extends ThreadState {
  private final IoEventLoop eventLoop;

  LoopState(int index, IoEventLoop eventLoop, QueryLoop parts) {
    super(index, parts);
    this.eventLoop = eventLoop;
  }

  IoEventLoop eventLoop() {
    return eventLoop;
  }
}
