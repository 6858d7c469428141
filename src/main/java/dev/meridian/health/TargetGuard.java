package dev.meridian.health;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps health checks from being aimed at addresses that no service has a reason to live at: a zone
 * file must not be able to make the name server talk to its cloud's metadata service (server-side
 * request forgery), to a whole network, or to nobody.
 *
 * <p>Loopback and private addresses (RFC 1918, RFC 4193, RFC 6598) are allowed: watching what only
 * the inside can reach is what a self-hosted checker is for. Route 53 refuses these too.
 */
public final class TargetGuard {
  /** Metadata and control services outside of the link-local range. */
  private static final Set<InetAddress> METADATA =
      Set.of(
          InetAddress.ofLiteral("fd00:ec2::254"), // AWS
          InetAddress.ofLiteral("fd20:ce::254"), // Google Cloud
          InetAddress.ofLiteral("168.63.129.16"), // Azure
          InetAddress.ofLiteral("100.100.100.200"), // Alibaba Cloud
          InetAddress.ofLiteral("192.0.0.192")); // Oracle Cloud

  /** Where IPv4 addresses are embedded in IPv6: the leading octets, then the IPv4 address. */
  private static final List<byte[]> EMBEDDING =
      List.of(
          new byte[12], // IPv4-compatible, RFC 4291 §2.5.5.1
          new byte[] {0x20, 0x02}, // 6to4, RFC 3056 §2
          new byte[] {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}); // RFC 6052 §2.1

  private TargetGuard() {}

  /**
   * Why a health check must not probe {@code address}, as the end of a sentence that starts with
   * the address ("is a link-local address, …"); null if it may.
   */
  public static @Nullable String refusal(InetAddress address) {
    if (METADATA.contains(address)) {
      return "is a cloud metadata address, which health checks may not probe";
    }
    if (address.isLoopbackAddress()) {
      return null;
    }
    if (address.isLinkLocalAddress()) {
      return "is a link-local address, which health checks may not probe"
          + " (cloud metadata services live there)";
    }
    if (address.isMulticastAddress()) {
      return "is a multicast address; a health check needs the address of one host";
    }
    if (address.isAnyLocalAddress()) {
      return "is the unspecified address; a health check needs the address of one host";
    }
    return address instanceof Inet4Address ? refusalOfIpv4(address) : refusalOfEmbedded(address);
  }

  private static @Nullable String refusalOfIpv4(InetAddress address) {
    int first = address.getAddress()[0] & 0xFF;
    if (first == 0) {
      return "is in 0.0.0.0/8, which means \"this network\" (RFC 1122) and is no host";
    }
    if (first >= 240) {
      return "is in 240.0.0.0/4, which is reserved (RFC 1112) and is no host";
    }
    return null;
  }

  private static @Nullable String refusalOfEmbedded(InetAddress address) {
    byte[] octets = address.getAddress();
    for (byte[] prefix : EMBEDDING) {
      if (Arrays.equals(prefix, Arrays.copyOf(octets, prefix.length))) {
        InetAddress inner = addressOf(Arrays.copyOfRange(octets, prefix.length, prefix.length + 4));
        String refusal = refusal(inner);
        return refusal == null
            ? null
            : "contains the IPv4 address " + inner.getHostAddress() + ", which " + refusal;
      }
    }
    return null;
  }

  private static InetAddress addressOf(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(octets.length + " octets make no address", e);
    }
  }
}
