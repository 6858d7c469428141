package dev.meridian.policy;

/**
 * How much of a client's address decides, where a choice sticks to clients instead of being thrown
 * for each query: clients that share this many bits are answered alike.
 *
 * @param ipv4 bits, 1 to 32
 * @param ipv6 bits, 1 to 128
 */
public record Sticky(int ipv4, int ipv6) {
  /** As much as resolvers tell of IPv4 clients, and what a site has in IPv6. */
  public static final Sticky DEFAULT = new Sticky(24, 56);

  /** Checks both ranges. */
  public Sticky {
    if (ipv4 < 1 || ipv4 > 32 || ipv6 < 1 || ipv6 > 128) {
      throw new IllegalArgumentException("no prefix lengths: " + ipv4 + ", " + ipv6);
    }
  }
}
