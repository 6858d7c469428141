package dev.meridian.answer;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Token buckets by key, in memory that never grows. A bucket is one number, the time at which it is
 * full again (the generic cell rate algorithm), so that nothing has to be filled while time passes.
 * Thread-safe.
 *
 * <pre>
 * slot    upper 32 bits: tag of the key | lower 32 bits: full again at, in microseconds
 * set     four slots, half a cache line; a new key takes the slot that is nearest to full
 * </pre>
 *
 * <p>So who asks from many addresses pushes out other such addresses, not those that are being
 * limited. Times wrap round after 71 minutes; one that is farther ahead than spending can bring it
 * is long past.
 *
 * <p>Threads share it without waiting: of two that spend out of one bucket in the same nanoseconds
 * one may spend for nothing, which is less than what a limit by time leaves open anyway.
 */
final class RateTable {
  private static final int WAYS = 4;

  private final AtomicLongArray slots;
  private final int setMask;
  private final int burstMicros;
  private final int mostMicros;

  /**
   * An empty table.
   *
   * @param octets of memory, at least one set's; rounded down to a power of two
   * @param burstMicros the time in which a bucket is filled
   * @param maxCostMicros the most that is taken at once; with the burst less than 2^31
   */
  RateTable(int octets, int burstMicros, int maxCostMicros) {
    slots = new AtomicLongArray(Integer.highestOneBit(octets) / Long.BYTES);
    setMask = slots.length() / WAYS - 1;
    this.burstMicros = burstMicros;
    mostMicros = Math.addExact(burstMicros, maxCostMicros);
  }

  /** Octets on the heap, object headers left out. */
  long memoryOctets() {
    return (long) slots.length() * Long.BYTES;
  }

  /**
   * Takes tokens out of a bucket if there is at least one; those that are missing are owed.
   *
   * @param key well mixed in all bits
   * @param costMicros the time in which as many tokens come back
   * @param now microseconds since anything
   * @return whether there was one; if not, nothing has changed
   */
  boolean take(long key, int costMicros, int now) {
    int tag = tag(key);
    int slot = find(key, now);
    long entry = slots.getOpaque(slot);
    int spent = tag(entry) == tag ? ahead(entry, now) : 0;
    if (spent > burstMicros) {
      return false;
    }
    int fullAt = now + spent + costMicros;
    slots.setOpaque(slot, (long) tag << Integer.SIZE | Integer.toUnsignedLong(fullAt));
    return true;
  }

  /** The slot of a key, or the one that it should take. */
  private int find(long key, int now) {
    int tag = tag(key);
    int first = ((int) key & setMask) * WAYS;
    int chosen = first;
    int least = Integer.MAX_VALUE;
    for (int slot = first; slot < first + WAYS; slot++) {
      long entry = slots.getOpaque(slot);
      if (tag(entry) == tag) {
        return slot;
      }
      int ahead = ahead(entry, now);
      if (ahead < least) {
        chosen = slot;
        least = ahead;
      }
    }
    return chosen;
  }

  private static int tag(long entry) {
    return (int) (entry >>> Integer.SIZE);
  }

  /** How long until the bucket is full. */
  private int ahead(long entry, int now) {
    int ahead = (int) entry - now;
    return ahead > mostMicros || ahead < 0 ? 0 : ahead;
  }
}
