package dev.meridian.transport;

import java.time.Duration;

/**
 * Limits on TCP clients (RFC 7766 §6.2, RFC 9210 §4).
 *
 * @param maxConnections open connections in all, divided evenly over the event loops; the longest
 *     idle one makes room for a new one
 * @param maxConnectionsPerAddress open connections of one IPv4 address or IPv6 /64
 * @param idleTimeout how long a connection stays open after its last message, and how long a client
 *     may leave its answers unread once it has {@code writeBufferOctets} of them waiting
 * @param messageTimeout how long a message may take from its first octet to its last
 * @param writeBufferOctets answers that may wait for a client before its next message is left
 *     unread
 */
public record TcpSettings(
    int maxConnections,
    int maxConnectionsPerAddress,
    Duration idleTimeout,
    Duration messageTimeout,
    int writeBufferOctets) {

  /** Checks that every limit is above zero. */
  public TcpSettings {
    TransportSettings.requirePositive("TCP connections", maxConnections);
    TransportSettings.requirePositive("TCP connections per address", maxConnectionsPerAddress);
    TransportSettings.requirePositive("TCP idle timeout", idleTimeout.toNanos());
    TransportSettings.requirePositive("TCP message timeout", messageTimeout.toNanos());
    TransportSettings.requirePositive("TCP write buffer", writeBufferOctets);
  }

  /** 5000 connections, 100 per address, 10 s idle, 2 s per message, 64 KiB of waiting answers. */
  public static TcpSettings defaults() {
    return new TcpSettings(5000, 100, Duration.ofSeconds(10), Duration.ofSeconds(2), 64 * 1024);
  }
}
