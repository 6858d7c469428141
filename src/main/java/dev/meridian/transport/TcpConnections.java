package dev.meridian.transport;

import dev.meridian.net.Prefix;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open TCP connections of one event loop, longest idle first: admits them, evicts at the caps,
 * and enforces deadlines. Everything here runs on that loop.
 *
 * <p>Deadlines are found by walking the list a few times a second rather than by a timer for each
 * connection: what a query costs stays free of timers.
 */
final class TcpConnections {
  /** Looks per shortest deadline: a connection outlives its deadline by a fifth at most. */
  private static final int LOOKS_PER_DEADLINE = 5;

  private final LoopState loop;
  private final TcpSettings settings;
  private final int capacity;
  private final AddressCounts addresses;
  private final LongSupplier nanoClock;
  private final long idleNanos;
  private final long messageNanos;

  private @Nullable TcpConnection longestIdle;
  private @Nullable TcpConnection latest;
  private int open;
  private @Nullable ScheduledFuture<?> looks;

  TcpConnections(
      LoopState loop,
      TcpSettings settings,
      int capacity,
      AddressCounts addresses,
      LongSupplier nanoClock) {
    this.loop = loop;
    this.settings = settings;
    this.capacity = capacity;
    this.addresses = addresses;
    this.nanoClock = nanoClock;
    this.idleNanos = settings.idleTimeout().toNanos();
    this.messageNanos = settings.messageTimeout().toNanos();
  }

  LoopState loop() {
    return loop;
  }

  TcpSettings settings() {
    return settings;
  }

  long now() {
    return nanoClock.getAsLong();
  }

  /** Takes a new connection in, at the price of the longest idle one where a cap is reached. */
  boolean admit(TcpConnection connection, Prefix client) {
    loop.stats().increment(TransportCounter.TCP_ACCEPTED);
    if (!addresses.tryAdd(client)) {
      TcpConnection sacrifice = longestIdleOf(client);
      if (sacrifice == null) {
        return false;
      }
      sacrifice.close(TransportCounter.TCP_CLOSED_EVICTED);
      if (!addresses.tryAdd(client)) {
        return false;
      }
    }
    if (open >= capacity && longestIdle != null) {
      longestIdle.close(TransportCounter.TCP_CLOSED_EVICTED);
    }
    open++;
    loop.stats().increment(TransportCounter.TCP_OPEN);
    append(connection);
    watch();
    return true;
  }

  /** Gives the place of an admitted connection back. */
  void remove(TcpConnection connection, Prefix client) {
    addresses.remove(client);
    open--;
    loop.stats().add(TransportCounter.TCP_OPEN, -1);
    unlink(connection);
  }

  /** Notes that a connection has been used just now. */
  void touch(TcpConnection connection) {
    if (connection != latest) {
      unlink(connection);
      append(connection);
    }
  }

  /** Closes every connection, as the server stops. */
  void closeAll() {
    while (longestIdle != null) {
      longestIdle.close(TransportCounter.TCP_CLOSED_SHUTDOWN);
    }
    if (looks != null) {
      looks.cancel(false);
      looks = null;
    }
  }

  /** A task that throws would never run again, and no deadline would hold. */
  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      loop.report("looking for overdue TCP connections failed", e);
    }
  }

  /** Closes the connections whose deadline has passed. */
  private void look() {
    long now = now();
    TcpConnection connection = longestIdle;
    while (connection != null) {
      TcpConnection next = connection.newer;
      TransportCounter reason = connection.overdue(now, idleNanos, messageNanos);
      if (reason != null) {
        connection.close(reason);
      }
      connection = next;
    }
    if (open == 0 && looks != null) {
      looks.cancel(false);
      looks = null;
    }
  }

  private void watch() {
    if (looks == null) {
      long period = Math.max(1, Math.min(idleNanos, messageNanos) / LOOKS_PER_DEADLINE);
      looks =
          loop.eventLoop()
              .scheduleWithFixedDelay(this::lookSafely, period, period, TimeUnit.NANOSECONDS);
    }
  }

  private @Nullable TcpConnection longestIdleOf(Prefix client) {
    TcpConnection connection = longestIdle;
    while (connection != null && !connection.isFrom(client)) {
      connection = connection.newer;
    }
    return connection;
  }

  private void append(TcpConnection connection) {
    connection.older = latest;
    connection.newer = null;
    if (latest == null) {
      longestIdle = connection;
    } else {
      latest.newer = connection;
    }
    latest = connection;
  }

  private void unlink(TcpConnection connection) {
    TcpConnection older = connection.older;
    TcpConnection newer = connection.newer;
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
    connection.older = null;
    connection.newer = null;
  }
}
