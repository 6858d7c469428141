package dev.meridian.net;

/**
 * The address, or the prefix of one, by which a client is placed. Reused from query to query and
 * owned by one thread. An IPv4-mapped IPv6 address is held as IPv4, so that a client has one place
 * whichever socket it came through.
 */
public final class ClientAddress {
  private boolean ipv4;
  private long high;
  private long low;
  private int prefixLength;

  /**
   * Takes an IPv4 address in network order; bits behind {@code prefixLength} (0-32) are cleared.
   */
  public void setIpv4(int address, int prefixLength) {
    this.ipv4 = true;
    this.high = 0;
    this.low = prefixLength == 0 ? 0 : (address & (-1 << (32 - prefixLength))) & 0xFFFFFFFFL;
    this.prefixLength = prefixLength;
  }

  /** Takes an IPv6 address; bits behind {@code prefixLength} (0-128) are cleared. */
  public void setIpv6(long high, long low, int prefixLength) {
    if (high == 0 && low >>> 32 == 0xFFFF && prefixLength >= 96) {
      setIpv4((int) low, prefixLength - 96);
      return;
    }
    this.ipv4 = false;
    this.prefixLength = prefixLength;
    if (prefixLength <= 64) {
      this.high = prefixLength == 0 ? 0 : high & (-1L << (64 - prefixLength));
      this.low = 0;
    } else {
      this.high = high;
      this.low = low & (-1L << (128 - prefixLength));
    }
  }

  /** Takes what another holds. */
  public void set(ClientAddress other) {
    ipv4 = other.ipv4;
    high = other.high;
    low = other.low;
    prefixLength = other.prefixLength;
  }

  /** Takes the known bits of a prefix. */
  public void set(Prefix prefix) {
    if (prefix.ipv4()) {
      setIpv4((int) prefix.low(), prefix.length());
    } else {
      setIpv6(prefix.high(), prefix.low(), prefix.length());
    }
  }

  /** The family; IPv4-mapped IPv6 addresses count as IPv4. */
  public boolean isIpv4() {
    return ipv4;
  }

  /** The IPv4 address in network order; meaningful only if {@link #isIpv4()}. */
  public int ipv4() {
    return (int) low;
  }

  /** The upper 64 bits of an IPv6 address; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The lower 64 bits of an IPv6 address; the 32 bits of an IPv4 one. */
  public long low() {
    return low;
  }

  /** How many leading bits are known: 0-32 or 0-128. */
  public int prefixLength() {
    return prefixLength;
  }
}
