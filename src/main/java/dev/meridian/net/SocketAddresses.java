package dev.meridian.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Reads and writes socket addresses as people type them, without ever asking a resolver: {@code
 * 127.0.0.1:53}, {@code [::1]:53}, and {@code :53} or {@code *:53} for every address of the host.
 */
public final class SocketAddresses {
  private SocketAddresses() {}

  /**
   * The socket address that {@code text} stands for; port 0 lets the system choose.
   *
   * @throws IllegalArgumentException with a sentence that says what to write instead
   */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      throw new IllegalArgumentException(
          "'" + text + "' has no port; write for example 127.0.0.1:53");
    }
    return new InetSocketAddress(
        host(text, text.substring(0, colon)), port(text.substring(colon + 1)));
  }

  private static InetAddress host(String text, String host) {
    // The IPv6 wildcard takes IPv4 as well, where the host has both.
    String literal = host.isEmpty() || host.equals("*") ? "[::]" : host;
    boolean bracketed = literal.startsWith("[") && literal.endsWith("]");
    if (!bracketed && literal.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "': write an IPv6 address in brackets, for example [::1]:53");
    }
    String bare = bracketed ? literal.substring(1, literal.length() - 1) : literal;
    byte[] octets = Prefix.parseAddress(bare);
    if (octets == null || bracketed != (octets.length == 16)) {
      throw new IllegalArgumentException(
          "'" + bare + "' is not an IP address (names are not resolved here)");
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + bare + "' is not an IP address", e);
    }
  }

  private static int port(String digits) {
    if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) > 0xFFFF) {
      throw new IllegalArgumentException("port '" + digits + "' is not in 0 to 65535");
    }
    return Integer.parseInt(digits);
  }

  /**
   * The text that {@link #parse} reads back: {@code 192.0.2.1:53}, {@code
   * [2001:db8:0:0:0:0:0:1]:53}. A name that was never resolved stays a name.
   */
  public static String format(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    if (host == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    String literal = host.getHostAddress();
    return (literal.indexOf(':') < 0 ? literal : "[" + literal + "]") + ":" + address.getPort();
  }
}
