package dev.meridian.transport;

import java.time.Duration;

/**
 * How to listen; what to listen on is given beside it.
 *
 * @param loops each with its own sockets, a thread for TCP and one for UDP, or one for both; one
 *     per core serves best
 * @param udpPath how datagrams are read and written
 * @param udpBatch datagrams read or written by one system call, 1-64; 16 and more cost the same
 * @param udpBufferOctets kernel buffer asked for per UDP socket and direction; the kernel may give
 *     less ({@code net.core.rmem_max}, {@code net.core.wmem_max})
 * @param dontFragment whether no router may cut an IPv4 answer into fragments, which could be
 *     forged (RFC 9715 §3.1); what does not fit its way is lost then, so for short answers only
 * @param addressScanInterval how often a wildcard address is compared with the machine's addresses
 * @param tcp limits on TCP clients
 */
public record TransportSettings(
    int loops,
    UdpPath udpPath,
    int udpBatch,
    int udpBufferOctets,
    boolean dontFragment,
    Duration addressScanInterval,
    TcpSettings tcp) {

  /**
   * Datagrams longer than this are dropped, in and out: the usual EDNS maximum (RFC 6891 §6.2.5).
   */
  public static final int MAX_DATAGRAM_OCTETS = 4096;

  private static final int MAX_UDP_BATCH = 64;

  /** Checks that every number is in its range. */
  public TransportSettings {
    requirePositive("event loops", loops);
    requirePositive("UDP batch", udpBatch);
    requirePositive("UDP buffer", udpBufferOctets);
    requirePositive("address scan interval", addressScanInterval.toNanos());
    if (udpBatch > MAX_UDP_BATCH) {
      throw new IllegalArgumentException(
          "UDP batch " + udpBatch + " is not in 1.." + MAX_UDP_BATCH);
    }
  }

  /** One loop per core, the best UDP path, batches of 32, 4 MiB buffers, a scan every 5 s. */
  public static TransportSettings defaults() {
    return new TransportSettings(
        Runtime.getRuntime().availableProcessors(),
        UdpPath.AUTO,
        32,
        4 * 1024 * 1024,
        true,
        Duration.ofSeconds(5),
        TcpSettings.defaults());
  }

  /** The same settings with another number of event loops. */
  public TransportSettings withLoops(int loops) {
    return new TransportSettings(
        loops, udpPath, udpBatch, udpBufferOctets, dontFragment, addressScanInterval, tcp);
  }

  /** The same settings with another UDP path. */
  public TransportSettings withUdpPath(UdpPath udpPath) {
    return new TransportSettings(
        loops, udpPath, udpBatch, udpBufferOctets, dontFragment, addressScanInterval, tcp);
  }

  /** The same settings with fragments or without. */
  public TransportSettings withDontFragment(boolean dontFragment) {
    return new TransportSettings(
        loops, udpPath, udpBatch, udpBufferOctets, dontFragment, addressScanInterval, tcp);
  }

  /** The same settings with another interval between address scans. */
  public TransportSettings withAddressScanInterval(Duration addressScanInterval) {
    return new TransportSettings(
        loops, udpPath, udpBatch, udpBufferOctets, dontFragment, addressScanInterval, tcp);
  }

  /** The same settings with other limits on TCP. */
  public TransportSettings withTcp(TcpSettings tcp) {
    return new TransportSettings(
        loops, udpPath, udpBatch, udpBufferOctets, dontFragment, addressScanInterval, tcp);
  }

  static void requirePositive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be above 0, not " + value);
    }
  }
}
