package dev.meridian.transport;

import java.time.Duration;

/**
 * Limits on TCP clients (RFC 7766 §6.2, RFC 9210 §4).
 *
 * @param maxConnections open connections in all; the longest idle one makes room for a new one
 * @param maxConnectionsPerAddress open connections of one IPv4 address or IPv6 /64
 * @param idleTimeout how long a connection stays open after its last answer, less while most places
 *     are taken; and how long a client that has {@code writeBufferOctets} waiting may take to read
 *     half of them
 * @param messageTimeout how long a message may take from its first octet to its last, and a new
 *     connection to its first answer; the default lets a segment be lost twice (RFC 6298)
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

  /** The same limits with another number of connections in all. */
  TcpSettings withMaxConnections(int maxConnections) {
    return new TcpSettings(
        maxConnections, maxConnectionsPerAddress, idleTimeout, messageTimeout, writeBufferOctets);
  }

  /** 5000 connections, 100 per address, 10 s idle, 5 s per message, 64 KiB of waiting answers. */
  public static TcpSettings defaults() {
    return new TcpSettings(5000, 100, Duration.ofSeconds(10), Duration.ofSeconds(5), 64 * 1024);
  }
}
