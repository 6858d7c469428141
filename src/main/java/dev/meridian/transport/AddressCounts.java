package dev.meridian.transport;

import dev.meridian.net.Prefix;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Open TCP connections per client, over all event loops. Shared by them, touched once per
 * connection.
 */
final class AddressCounts {
  private final ConcurrentMap<Prefix, Integer> counts = new ConcurrentHashMap<>();
  private final int max;

  AddressCounts(int max) {
    this.max = max;
  }

  /** Counts one more; false if the client has its share already. */
  boolean tryAdd(Prefix client) {
    // The new number is bound to this call: merge alone cannot tell whether it added.
    boolean[] added = {false};
    counts.compute(
        client,
        (key, count) -> {
          int now = count == null ? 0 : count;
          added[0] = now < max;
          return added[0] ? now + 1 : now;
        });
    return added[0];
  }

  /** Counts one less. */
  void remove(Prefix client) {
    counts.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
  }
}
