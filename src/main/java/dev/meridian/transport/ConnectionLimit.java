package dev.meridian.transport;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A limit on open TCP connections and those that count against it: all there are, or all of one
 * client. The number is shared by the event loops; each loop keeps a list of its own connections.
 */
final class ConnectionLimit {
  /**
   * Connections by which the limit may be passed while other loops have not yet closed what they
   * were asked to. The kernel has accepted a connection before anybody can say no to it, so some
   * are always too many for a moment; {@link DescriptorLimit} keeps descriptors for them.
   */
  static final int TOLERANCE = 64;

  private final int max;
  private final AtomicInteger open = new AtomicInteger();
  private final IdleList[] idle;

  ConnectionLimit(int max, int loops) {
    this.max = max;
    this.idle = new IdleList[loops];
    for (int loop = 0; loop < loops; loop++) {
      idle[loop] = new IdleList();
    }
  }

  int max() {
    return max;
  }

  /** Connections that count now, on all loops. */
  int open() {
    return open.get();
  }

  void increment() {
    open.incrementAndGet();
  }

  /** Counts one less and returns how many are left. */
  int decrement() {
    return open.decrementAndGet();
  }

  /** Whether a connection has to go. */
  boolean exceeded() {
    return open.get() > max;
  }

  /** Whether so many have to go that no loop may wait for another. */
  boolean farExceeded() {
    return open.get() > max + TOLERANCE;
  }

  /** The connections of one loop; to be used by that loop. */
  IdleList onLoop(int loop) {
    return idle[loop];
  }

  /** The loop whose connection has been idle longest; {@code otherwise} if there is none. */
  int longestIdleLoop(int otherwise) {
    int best = otherwise;
    long since = idle[otherwise].idleSince();
    for (int loop = 0; loop < idle.length; loop++) {
      long candidate = idle[loop].idleSince();
      if (candidate < since) {
        since = candidate;
        best = loop;
      }
    }
    return best;
  }
}
