package dev.meridian.probe;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.IcmpCheck;
import dev.meridian.probe.PingSocket.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the echo requests of all probes of kind icmp, through one socket a family, and knows whose
 * an answer is. A thread a family opens the socket and hears; it is there from the first such check
 * on. Everything else belongs to the health thread.
 */
final class Pings {
  /** Gets the answer, on the health thread. */
  @FunctionalInterface
  interface Answered {
    void answered();
  }

  private static final Logger log = LoggerFactory.getLogger(Pings.class);

  /** How long the thread of a socket may take to notice that it is over. */
  private static final int WAIT_MILLIS = 1000;

  private record Pending(InetAddress target, Answered listener) {}

  private final ProbeEnvironment environment;
  private final Map<Family, CompletableFuture<PingSocket>> sockets = new EnumMap<>(Family.class);
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Pings(ProbeEnvironment environment) {
    this.environment = environment;
  }

  /** Opens the sockets for these checks, and warns if that is not permitted. */
  void define(Iterable<HealthCheck> checks) {
    for (HealthCheck check : checks) {
      InetAddress address = check.address();
      if (check.kind() instanceof IcmpCheck && check.isProbed() && address != null) {
        socket(Family.of(address));
      }
    }
  }

  /**
   * The socket of a family, soon. One that could not be opened is tried anew by the next probe:
   * permission may have been given.
   */
  CompletableFuture<PingSocket> socket(Family family) {
    CompletableFuture<PingSocket> known = sockets.get(family);
    if (known == null || (known.isCompletedExceptionally() && !closed)) {
      boolean first = known == null;
      CompletableFuture<PingSocket> opening = new CompletableFuture<>();
      Thread.ofPlatform()
          .name("meridian-" + family.name().toLowerCase(Locale.ROOT) + "-ping")
          .daemon()
          .start(() -> serve(family, opening, first));
      sockets.put(family, opening);
      return opening;
    }
    return known;
  }

  private void serve(Family family, CompletableFuture<PingSocket> opening, boolean first) {
    try (PingSocket socket = open(family)) {
      opening.complete(socket);
      while (!closed) {
        hear(socket);
      }
    } catch (IOException | RuntimeException e) {
      if (first) {
        log.warn("Health checks of kind icmp are unknown: {}", e.getMessage());
      }
      opening.completeExceptionally(e);
    }
  }

  private PingSocket open(Family family) throws IOException {
    PingSocket socket = PingSocket.open(family);
    InetAddress source = environment.sources().of(family == Family.IPV4);
    try {
      if (source != null) {
        socket.bind(source);
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void hear(PingSocket socket) throws IOException {
    PingSocket.Reply reply = socket.hear(WAIT_MILLIS);
    Pending asked = reply == null ? null : pending.get(reply.nonce());
    if (reply != null && asked != null && asked.target.equals(reply.from())) {
      pending.remove(reply.nonce());
      environment.loop().execute(asked.listener::answered);
    }
  }

  /**
   * Asks a target for an echo.
   *
   * @return by which to {@link #forget} it
   */
  long ask(PingSocket socket, InetAddress target, Answered listener) throws IOException {
    long nonce = environment.tls().random().nextLong();
    pending.put(nonce, new Pending(target, listener));
    try {
      socket.ask(target, nonce);
    } catch (IOException e) {
      pending.remove(nonce);
      throw e;
    }
    return nonce;
  }

  /** An answer to this is no longer of interest. */
  void forget(@Nullable Long nonce) {
    if (nonce != null) {
      pending.remove(nonce);
    }
  }

  /** Ends the threads; nothing is asked from then on. */
  void close() {
    closed = true;
  }
}
