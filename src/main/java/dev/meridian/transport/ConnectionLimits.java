package dev.meridian.transport;

import dev.meridian.net.Prefix;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The limits on TCP connections that hold over all event loops: in all, per client, and how long an
 * idle one may stay. Thread-safe; the maps are touched once per connection.
 */
final class ConnectionLimits {
  /** However full it is, a client has the time to ask for what an answer made it curious of. */
  private static final long LEAST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The idle timeout falls to one part in so many. */
  private static final int LEAST_IDLE_PART = 10;

  private final TcpSettings settings;
  private final int loops;
  private final long fullIdleNanos;
  private final long leastIdleNanos;
  private final ConnectionLimit all;
  private final ConcurrentMap<Prefix, ConnectionLimit> clients = new ConcurrentHashMap<>();
  private volatile boolean draining;

  ConnectionLimits(TcpSettings settings, int loops) {
    this.settings = settings;
    this.loops = loops;
    this.all = new ConnectionLimit(settings.maxConnections(), loops);
    this.fullIdleNanos = settings.idleTimeout().toNanos();
    this.leastIdleNanos =
        Math.max(fullIdleNanos / LEAST_IDLE_PART, Math.min(fullIdleNanos, LEAST_IDLE_NANOS));
  }

  ConnectionLimit all() {
    return all;
  }

  /** Counts a connection of {@code client} and returns the limit on its connections. */
  ConnectionLimit enter(Prefix client) {
    all.increment();
    ConnectionLimit entered =
        clients.compute(
            client,
            (key, known) -> {
              ConnectionLimit limit = known == null ? newLimit() : known;
              limit.increment();
              return limit;
            });
    return Objects.requireNonNull(entered);
  }

  private ConnectionLimit newLimit() {
    return new ConnectionLimit(settings.maxConnectionsPerAddress(), loops);
  }

  /** Counts a connection of {@code client} no more. */
  void leave(Prefix client) {
    all.decrement();
    clients.computeIfPresent(client, (key, limit) -> limit.decrement() == 0 ? null : limit);
  }

  /** From now on clients are told to close their connections (RFC 7828 §3.4). */
  void drain() {
    draining = true;
  }

  /** Clients may stay again. */
  void stay() {
    draining = false;
  }

  /**
   * How long a connection may be idle now, in nanoseconds. While more than three quarters of the
   * places are taken it falls with the places left, down to a tenth or a second.
   */
  long idleNanos() {
    long quarter = Math.max(1, all.max() / 4);
    long free = Math.max(0, all.max() - all.open());
    return free >= quarter
        ? fullIdleNanos
        : Math.max(leastIdleNanos, fullIdleNanos / quarter * free);
  }

  /** The least that {@link #idleNanos()} comes to. */
  long leastIdleNanos() {
    return leastIdleNanos;
  }

  /** What clients are told of {@link #idleNanos()}, in milliseconds; 0 while the server drains. */
  long announcedIdleMillis() {
    return draining ? 0 : TimeUnit.NANOSECONDS.toMillis(idleNanos());
  }
}
