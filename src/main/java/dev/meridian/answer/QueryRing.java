package dev.meridian.answer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Answered queries on their way from one event loop to the one thread that writes them down. All
 * its memory is there from the start. The loop never waits: what finds the ring full is lost, and
 * counted.
 */
public final class QueryRing {
  private static final VarHandle WRITTEN = counter("written");
  private static final VarHandle READ = counter("read");
  private static final VarHandle LOST = counter("lost");

  private final QueryRecord[] records;
  private final int mask;

  /** How many the loop has written, and the reader has read; 63 bits do not run out. */
  private long written;

  private long read;
  private long lost;

  /** What the loop knows of {@link #read}; the loop's own. */
  private long readThen;

  private static VarHandle counter(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(QueryRing.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * An empty ring.
   *
   * @param capacity in queries; a power of two
   * @param messageOctets room for each message, query and response; 0: they are not kept
   */
  public QueryRing(int capacity, int messageOctets) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("not a power of two: " + capacity);
    }
    mask = capacity - 1;
    records = new QueryRecord[capacity];
    for (int i = 0; i < capacity; i++) {
      records[i] = new QueryRecord(messageOctets);
    }
  }

  /** The loop's: the record to fill in next, or null, and then one more is lost. */
  @Nullable QueryRecord claim() {
    if (written - readThen == records.length) {
      readThen = (long) READ.getAcquire(this);
      if (written - readThen == records.length) {
        LOST.setOpaque(this, lost + 1);
        return null;
      }
    }
    return records[(int) written & mask];
  }

  /** The loop's: what was claimed is filled in. */
  void publish() {
    WRITTEN.setRelease(this, written + 1);
  }

  /** The reader's: the oldest record that waits, or null. It is good until {@link #release}. */
  public @Nullable QueryRecord peek() {
    long next = read;
    return next == (long) WRITTEN.getAcquire(this) ? null : records[(int) next & mask];
  }

  /** The reader's: gives back what {@link #peek} showed. */
  public void release() {
    records[(int) read & mask].forget();
    READ.setRelease(this, read + 1);
  }

  /** How many found the ring full. Any thread. */
  public long lost() {
    return (long) LOST.getOpaque(this);
  }
}
