package dev.meridian.api;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The places for connections of one listener. Whoever opens many cannot keep others out:
 *
 * <pre>
 * a place is free                    admitted
 * somebody waits for its client      the one that has waited longest goes, the new one is admitted
 * all are being answered             the new one is turned away
 * </pre>
 *
 * <p>A connection waits for its client until a request is complete, and again once the response has
 * been written. Subscribers to events wait for nobody; there are fewer of them than places.
 *
 * <p>Used on the HTTP loop only.
 */
final class Places {
  private final int max;
  private final Set<Channel> taken = new HashSet<>();

  /** The one that has waited longest first. */
  private final Set<Channel> waiting = new LinkedHashSet<>();

  /**
   * All are free.
   *
   * @param max how many there are; 1 or more
   */
  Places(int max) {
    this.max = max;
  }

  /** Takes a place for a connection, whose client is waited for; false if there is none. */
  boolean admit(Channel channel) {
    if (taken.size() == max && !makeRoom()) {
      return false;
    }
    taken.add(channel);
    waiting.add(channel);
    channel.closeFuture().addListener(_ -> leave(channel));
    return true;
  }

  private boolean makeRoom() {
    if (waiting.isEmpty()) {
      return false;
    }
    Channel longest = waiting.iterator().next();
    leave(longest); // closing may take its time
    longest.close();
    return true;
  }

  private void leave(Channel channel) {
    taken.remove(channel);
    waiting.remove(channel);
  }

  /** A request is being answered. */
  void works(Channel channel) {
    waiting.remove(channel);
  }

  /** It is the client's turn again. */
  void waits(Channel channel) {
    if (taken.contains(channel)) {
      waiting.remove(channel);
      waiting.add(channel);
    }
  }
}
