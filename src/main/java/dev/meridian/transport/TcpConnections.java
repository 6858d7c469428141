package dev.meridian.transport;

import dev.meridian.net.Prefix;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open TCP connections of one event loop: admits them, evicts at the limits, and enforces
 * deadlines. Everything here runs on that loop, but for {@link #evictSoon}.
 *
 * <p>Limits hold over all loops. A connection that is one too many is admitted, and the longest
 * idle one that counts against the same limit is closed: at once if it is on this loop, by a task
 * if it is on another. Nobody is evicted while there are places. A limit is passed only by
 * connections whose eviction is on its way, {@link ConnectionLimit#TOLERANCE} of them at most; then
 * a loop closes its own longest idle one, or the new one if it has no other.
 *
 * <p>Deadlines are found by walking the list a few times a second rather than by a timer for each
 * connection: what a query costs stays free of timers.
 */
final class TcpConnections {
  /** Looks per shortest deadline: a connection outlives its deadline by a fifth at most. */
  private static final int LOOKS_PER_DEADLINE = 5;

  /**
   * Connections that are closed in one turn, about a millisecond's work: whoever opens thousands in
   * one moment has them fall due in one moment too, and others wait for their answers meanwhile.
   */
  static final int CLOSED_IN_A_TURN = 64;

  /**
   * The pause behind such a turn; a task without one would run before the sockets are looked at.
   */
  private static final long PAUSE_MILLIS = 1;

  private final LoopState loop;
  private final ConnectionLimits limits;
  private final List<TcpConnections> peers;
  private final IdleList all;
  private final LongSupplier nanoClock;
  private final long messageNanos;
  private @Nullable ScheduledFuture<?> looks;

  /**
   * No connections yet.
   *
   * @param peers those of every loop by the loop's index; complete before the first is admitted
   */
  TcpConnections(
      LoopState loop,
      TcpSettings settings,
      ConnectionLimits limits,
      List<TcpConnections> peers,
      LongSupplier nanoClock) {
    this.loop = loop;
    this.limits = limits;
    this.peers = peers;
    this.all = limits.all().onLoop(loop.index());
    this.nanoClock = nanoClock;
    this.messageNanos = settings.messageTimeout().toNanos();
  }

  LoopState loop() {
    return loop;
  }

  long now() {
    return nanoClock.getAsLong();
  }

  /** What a client is told of how long it may be idle, in milliseconds (RFC 7828 §3.1). */
  long announcedIdleMillis() {
    return limits.announcedIdleMillis();
  }

  /**
   * Takes a new connection in, at the price of the longest idle one where a limit is reached.
   *
   * @return the limit on its client's connections; null if there is no place for it
   */
  @Nullable ConnectionLimit admit(TcpConnection connection, Prefix client) {
    loop.stats().increment(TransportCounter.TCP_ACCEPTED);
    ConnectionLimit limit = limits.enter(client);
    if (!makeRoom(limit) || !makeRoom(limits.all())) {
      limits.leave(client);
      return null;
    }
    loop.stats().increment(TransportCounter.TCP_OPEN);
    all.addLast(connection.amongAll());
    limit.onLoop(loop.index()).addLast(connection.amongClients());
    watch();
    return limit;
  }

  /** Gives the place of an admitted connection back. */
  void remove(TcpConnection connection, Prefix client, ConnectionLimit limit) {
    limits.leave(client);
    loop.stats().add(TransportCounter.TCP_OPEN, -1);
    all.remove(connection.amongAll());
    limit.onLoop(loop.index()).remove(connection.amongClients());
  }

  /** Notes that a connection has been used just now. */
  void touch(TcpConnection connection, ConnectionLimit limit) {
    all.moveToLast(connection.amongAll());
    limit.onLoop(loop.index()).moveToLast(connection.amongClients());
  }

  /** Makes a connection the first to go when a place is needed. */
  void demote(TcpConnection connection, ConnectionLimit limit) {
    all.moveToFirst(connection.amongAll());
    limit.onLoop(loop.index()).moveToFirst(connection.amongClients());
  }

  /** Whether there is a place, by closing the longest idle connection if need be. */
  private boolean makeRoom(ConnectionLimit limit) {
    if (!limit.exceeded()) {
      return true;
    }
    int where = limit.longestIdleLoop(loop.index());
    if (where != loop.index() && !limit.farExceeded()) {
      peers.get(where).evictSoon(limit);
      return true;
    }
    IdleList.Entry longestIdle = limit.onLoop(loop.index()).longestIdle();
    if (longestIdle == null) {
      return false;
    }
    longestIdle.connection().close(TransportCounter.TCP_CLOSED_EVICTED);
    return true;
  }

  /**
   * Makes room on this loop unless there is by then. Any thread. A connection that went in between
   * may leave another loop with the longest idle one, which is then asked in turn.
   */
  private void evictSoon(ConnectionLimit limit) {
    loop.eventLoop().execute(() -> makeRoom(limit));
  }

  /** Closes every connection, as the server stops. */
  void closeAll() {
    for (IdleList.Entry entry = all.longestIdle(); entry != null; entry = all.longestIdle()) {
      entry.connection().close(TransportCounter.TCP_CLOSED_SHUTDOWN);
    }
    stopLooking();
  }

  /** A task that throws would never run again, and no deadline would hold. */
  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      loop.report("looking for overdue TCP connections failed", e);
    }
  }

  private void look() {
    if (closeOverdue() == CLOSED_IN_A_TURN) {
      loop.eventLoop().schedule(this::lookSafely, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } else if (all.longestIdle() == null) {
      stopLooking();
    }
  }

  /**
   * Closes connections whose deadline has passed, a turn's worth at most.
   *
   * @return how many; if it is {@link #CLOSED_IN_A_TURN} there may be more
   */
  int closeOverdue() {
    long now = now();
    int closed = 0;
    IdleList.Entry entry = all.longestIdle();
    while (entry != null && closed < CLOSED_IN_A_TURN) {
      IdleList.Entry next = entry.newer();
      TcpConnection connection = entry.connection();
      TransportCounter reason = connection.overdue(now, limits.idleNanos(), messageNanos);
      if (reason != null) {
        connection.close(reason);
        closed++;
      }
      entry = next;
    }
    return closed;
  }

  private void stopLooking() {
    if (looks != null) {
      looks.cancel(false);
      looks = null;
    }
  }

  private void watch() {
    if (looks == null) {
      long shortest = Math.min(limits.leastIdleNanos(), messageNanos);
      long period = Math.max(1, shortest / LOOKS_PER_DEADLINE);
      looks =
          loop.eventLoop()
              .scheduleWithFixedDelay(this::lookSafely, period, period, TimeUnit.NANOSECONDS);
    }
  }
}
