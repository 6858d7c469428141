package dev.meridian.transport;

import dev.meridian.net.ClientAddress;
import java.net.InetSocketAddress;

/**
 * Knows the sources of datagrams that nobody can be answered at, or that must not be: whoever
 * writes them wants the reply to do harm. One for each socket; immutable.
 */
final class SourceGuard {
  private static final int IPV4_MULTICAST = 224; // and what is reserved, and broadcast, behind it
  private static final int IPV6_MULTICAST = 0xFF;

  private final int ownPort;
  private final ClientAddress own = new ClientAddress();

  /** For the socket that is bound to an address. */
  SourceGuard(InetSocketAddress bound) {
    ownPort = bound.getPort();
    Addresses.copy(bound.getAddress(), own);
  }

  /**
   * Whether a datagram from there stays without a reply: port 0; no address of one host; or this
   * very socket, which would talk to itself.
   */
  boolean refuses(ClientAddress source, int port) {
    return port == 0 || !isHost(source) || (port == ownPort && isOwn(source));
  }

  /** RFC 1122 §3.2.1.3, RFC 4291 §2.7: a source is neither a group nor nobody nor this network. */
  private static boolean isHost(ClientAddress source) {
    if (source.isIpv4()) {
      int first = source.ipv4() >>> 24;
      return first != 0 && first < IPV4_MULTICAST;
    }
    return source.high() >>> 56 != IPV6_MULTICAST && (source.high() | source.low()) != 0;
  }

  private boolean isOwn(ClientAddress source) {
    return source.low() == own.low()
        && source.high() == own.high()
        && source.isIpv4() == own.isIpv4();
  }
}
