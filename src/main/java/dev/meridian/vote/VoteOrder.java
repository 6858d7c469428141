package dev.meridian.vote;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Lets each datagram count once, and none that was sent before this process began, before the
 * sender's last restart, or before one that has counted already. No clock is asked: each side draws
 * an epoch when it begins, and a datagram has to name the receiver's. For one thread.
 */
final class VoteOrder {
  /** Restarts of one sender that are remembered. */
  private static final int RETIRED = 1000;

  private static final int MAX_SENDERS = 64;

  private final long ownEpoch;
  private final Map<String, Sender> senders = new HashMap<>();

  private static final class Sender {
    long epoch;
    long sequence;
    final Set<Long> retired = new LinkedHashSet<>();
  }

  /**
   * A receiver that has heard nobody.
   *
   * @param ownEpoch drawn at random when the process began; not 0
   */
  VoteOrder(long ownEpoch) {
    this.ownEpoch = ownEpoch;
  }

  /** Whether this authentic datagram is a new one. */
  boolean counts(VoteWire.Message message) {
    if (message.echo() != ownEpoch) {
      return false;
    }
    String name = message.votes().vantage();
    if (!senders.containsKey(name) && senders.size() == MAX_SENDERS) {
      return false;
    }
    Sender sender = senders.computeIfAbsent(name, _ -> new Sender());
    if (message.epoch() != sender.epoch) {
      return began(sender, message);
    }
    boolean newer = message.sequence() > sender.sequence;
    sender.sequence = Math.max(sender.sequence, message.sequence());
    return newer;
  }

  private static boolean began(Sender sender, VoteWire.Message message) {
    if (sender.retired.contains(message.epoch()) || sender.retired.size() == RETIRED) {
      return false;
    }
    if (sender.epoch != 0) {
      sender.retired.add(sender.epoch);
    }
    sender.epoch = message.epoch();
    sender.sequence = message.sequence();
    return true;
  }
}
