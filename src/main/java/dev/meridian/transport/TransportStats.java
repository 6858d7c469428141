package dev.meridian.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one thread. Only that thread adds; any thread may read. A read sees each counter
 * whole and recent, but not all of them at one instant.
 */
public final class TransportStats {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  /** Empty slots before and behind, so that no two loops write to one cache line. */
  private static final int PADDING = 16;

  private final long[] slots = new long[2 * PADDING + TransportCounter.values().length];

  TransportStats() {}

  /** The value of a counter since the server started. */
  public long value(TransportCounter counter) {
    return (long) SLOT.getOpaque(slots, PADDING + counter.ordinal());
  }

  /** Adds on the owner's thread: a plain read, because nobody else writes. */
  void add(TransportCounter counter, long amount) {
    int slot = PADDING + counter.ordinal();
    SLOT.setOpaque(slots, slot, slots[slot] + amount);
  }

  void increment(TransportCounter counter) {
    add(counter, 1);
  }
}
