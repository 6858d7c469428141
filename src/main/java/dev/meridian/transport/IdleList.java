package dev.meridian.transport;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one event loop in the order in which they would be evicted, longest idle first.
 * Only that loop touches the list; any thread may ask {@link #idleSince()}.
 */
final class IdleList {
  /** What {@link #idleSince()} says of an empty list. */
  static final long EMPTY = Long.MAX_VALUE;

  /** A connection's place in one list. */
  static final class Entry {
    private final TcpConnection connection;
    private @Nullable Entry older;
    private @Nullable Entry newer;

    Entry(TcpConnection connection) {
      this.connection = connection;
    }

    TcpConnection connection() {
      return connection;
    }

    /** The next that has been idle for less time, or null. */
    @Nullable Entry newer() {
      return newer;
    }
  }

  private final AtomicLong idleSince = new AtomicLong(EMPTY);
  private @Nullable Entry longestIdle;
  private @Nullable Entry latest;

  /** The first to go, or null. */
  @Nullable Entry longestIdle() {
    return longestIdle;
  }

  /** Since when the connection that goes first has been idle; {@link #EMPTY}: there is none. */
  long idleSince() {
    return idleSince.getOpaque();
  }

  /** Takes a connection in as the last to go. */
  void addLast(Entry entry) {
    entry.older = latest;
    entry.newer = null;
    if (latest == null) {
      longestIdle = entry;
    } else {
      latest.newer = entry;
    }
    latest = entry;
    publish();
  }

  /** Makes a connection of this list the last to go. */
  void moveToLast(Entry entry) {
    if (entry != latest) {
      unlink(entry);
      addLast(entry);
    } else {
      publish();
    }
  }

  /** Makes a connection of this list the first to go. */
  void moveToFirst(Entry entry) {
    unlink(entry);
    entry.newer = longestIdle;
    if (longestIdle == null) {
      latest = entry;
    } else {
      longestIdle.older = entry;
    }
    longestIdle = entry;
    publish();
  }

  /** Takes a connection out. */
  void remove(Entry entry) {
    unlink(entry);
    publish();
  }

  private void unlink(Entry entry) {
    Entry older = entry.older;
    Entry newer = entry.newer;
    if (older == null) {
      longestIdle = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      latest = older;
    } else {
      newer.older = older;
    }
    entry.older = null;
    entry.newer = null;
  }

  private void publish() {
    idleSince.setOpaque(longestIdle == null ? EMPTY : longestIdle.connection.idleSince());
  }
}
