package dev.meridian.net;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An IP prefix. Bits behind the length are zero. The address is held as IPv6 would: IPv4 in the low
 * 32 bits of {@code low}.
 *
 * @param ipv4 the family
 * @param high upper 64 bits of an IPv6 prefix, 0 for IPv4
 * @param low lower 64 bits, or the IPv4 address
 * @param length 0-32 or 0-128
 */
public record Prefix(boolean ipv4, long high, long low, int length) {
  /** Checks the range of the length and clears the bits behind it. */
  public Prefix {
    int max = ipv4 ? 32 : 128;
    if (length < 0 || length > max) {
      throw new IllegalArgumentException("prefix length " + length + " is not in 0.." + max);
    }
    if (ipv4) {
      high = 0;
      low &= length == 0 ? 0 : (-1L << (32 - length)) & 0xFFFF_FFFFL;
    } else if (length > 64) {
      low &= -1L << (128 - length);
    } else {
      high = length == 0 ? 0 : high & (-1L << (64 - length));
      low = 0;
    }
  }

  /**
   * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or an address alone (its full length). A
   * prefix of IPv4-mapped addresses ({@code ::ffff:192.0.2.0/120}) is the IPv4 prefix, as a {@link
   * ClientAddress} is.
   *
   * @throws IllegalArgumentException with a sentence; set bits behind the length are an error, for
   *     they are a typing mistake more often than not
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] octets = parseAddress(address);
    if (octets == null) {
      throw new IllegalArgumentException("'" + address + "' is not an IPv4 or IPv6 address");
    }
    int full = octets.length * 8;
    int length = slash < 0 ? full : parseLength(text, slash, full);
    Prefix prefix = of(octets, length);
    Prefix given = of(octets, full);
    if (prefix.high != given.high || prefix.low != given.low) {
      throw new IllegalArgumentException(
          "'" + text + "' has bits set behind its length; did you mean " + prefix + "?");
    }
    return prefix.isIpv4Mapped() ? new Prefix(true, 0, prefix.low, length - 96) : prefix;
  }

  private static int parseLength(String text, int slash, int max) {
    String digits = text.substring(slash + 1);
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > max) {
      throw new IllegalArgumentException(
          "prefix length '" + digits + "' of '" + text + "' is not in 0.." + max);
    }
    return Integer.parseInt(digits);
  }

  /** Whether it lies in ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
  private boolean isIpv4Mapped() {
    return !ipv4 && length >= 96 && high == 0 && low >>> 32 == 0xFFFF;
  }

  /** The prefix that is known of a client. */
  public static Prefix of(ClientAddress client) {
    return new Prefix(client.isIpv4(), client.high(), client.low(), client.prefixLength());
  }

  /**
   * The prefix of an address in network order.
   *
   * @throws IllegalArgumentException if the address has not 4 or 16 octets, or the length is out of
   *     range
   */
  public static Prefix of(byte[] address, int length) {
    if (address.length != 4 && address.length != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 octets, not " + address.length);
    }
    long high = 0;
    long low = 0;
    for (byte octet : address) {
      high = high << 8 | low >>> 56;
      low = low << 8 | (octet & 0xFF);
    }
    return new Prefix(address.length == 4, high, low, length);
  }

  /** Whether {@code other} is this prefix or lies inside of it. */
  public boolean contains(Prefix other) {
    return ipv4 == other.ipv4
        && length <= other.length
        && equals(new Prefix(ipv4, other.high, other.low, length));
  }

  /** Written out like {@link #hashCode}: what a record has by itself is slow to be made. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Prefix that
        && ipv4 == that.ipv4
        && high == that.high
        && low == that.low
        && length == that.length;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(high) + Long.hashCode(low)) + 2 * length + (ipv4 ? 1 : 0);
  }

  /** Whether the client's known bits lie inside of this prefix. */
  public boolean contains(ClientAddress client) {
    return ipv4 == client.isIpv4()
        && length <= client.prefixLength()
        && equals(new Prefix(ipv4, client.high(), client.low(), length));
  }

  /**
   * The octets of a literal address, without ever asking a resolver; null if it is none.
   * Dotted-quad IPv4 and RFC 4291 §2.2 IPv6, embedded IPv4 included; no zone ids.
   */
  public static byte @Nullable [] parseAddress(String text) {
    return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
  }

  private static byte @Nullable [] parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] octets = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("0|[1-9]\\d{0,2}") || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      octets[i] = (byte) Integer.parseInt(parts[i]);
    }
    return octets;
  }

  private static byte @Nullable [] parseIpv6(String text) {
    String body = text;
    int lastColon = body.lastIndexOf(':');
    if (body.indexOf('.') > lastColon) {
      byte[] tail = parseIpv4(body.substring(lastColon + 1));
      if (tail == null) {
        return null;
      }
      body =
          body.substring(0, lastColon + 1)
              + Integer.toHexString((tail[0] & 0xFF) << 8 | (tail[1] & 0xFF))
              + ":"
              + Integer.toHexString((tail[2] & 0xFF) << 8 | (tail[3] & 0xFF));
    }
    int gap = body.indexOf("::");
    if (gap >= 0 && body.indexOf("::", gap + 1) >= 0) {
      return null;
    }
    byte[] octets = new byte[16];
    String[] front = groups(gap < 0 ? body : body.substring(0, gap));
    String[] back = groups(gap < 0 ? "" : body.substring(gap + 2));
    int given = front.length + back.length;
    if (gap < 0 ? given != 8 : given > 7) {
      return null;
    }
    return fill(octets, front, 0) && fill(octets, back, 16 - 2 * back.length) ? octets : null;
  }

  private static String[] groups(String text) {
    return text.isEmpty() ? new String[0] : text.split(":", -1);
  }

  private static boolean fill(byte[] octets, String[] groups, int from) {
    int at = from;
    for (String group : groups) {
      if (!isGroup(group)) {
        return false;
      }
      int value = Integer.parseInt(group, 16);
      octets[at++] = (byte) (value >> 8);
      octets[at++] = (byte) value;
    }
    return true;
  }

  private static boolean isGroup(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 4;
  }

  /** {@code 192.0.2.0/24} or {@code 2001:db8::/32} (RFC 5952). */
  @Override
  public String toString() {
    return (ipv4 ? ipv4Text((int) low) : ipv6Text(high, low)) + "/" + length;
  }

  /** Dotted quad of an address in network order. */
  public static String ipv4Text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xFF)
        + "."
        + (address >>> 8 & 0xFF)
        + "."
        + (address & 0xFF);
  }

  /** RFC 5952: lower case, the longest run of two or more zero groups as {@code ::}. */
  public static String ipv6Text(long high, long low) {
    int[] groups = new int[8];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i) & 0xFFFF);
      groups[4 + i] = (int) (low >>> (48 - 16 * i) & 0xFFFF);
    }
    int bestAt = -1;
    int bestSize = 1;
    for (int i = 0; i < 8; i++) {
      int size = 0;
      while (i + size < 8 && groups[i + size] == 0) {
        size++;
      }
      if (size > bestSize) {
        bestAt = i;
        bestSize = size;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == bestAt) {
        text.append("::");
        i += bestSize - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
