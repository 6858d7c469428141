package dev.meridian.wire;

/** Numbers of EDNS(0), RFC 6891, and of the options that are understood. */
public final class Edns {
  /** The owner (root), type, class, TTL and length of an OPT record without options. */
  public static final int OPT_LENGTH = 11;

  /** OPTION-CODE and OPTION-LENGTH. */
  public static final int OPTION_HEADER_LENGTH = 4;

  /** The DO bit in the upper half of the TTL field (RFC 3225). */
  public static final int DO = 0x8000;

  /** The largest message for a client without EDNS, and the smallest size EDNS can ask for. */
  public static final int MIN_PAYLOAD = 512;

  /** Client subnet, RFC 7871. */
  public static final int CLIENT_SUBNET = 8;

  /** Extended DNS error, RFC 8914. */
  public static final int EXTENDED_ERROR = 15;

  /** Address family numbers of client subnet. */
  public static final int FAMILY_IPV4 = 1;

  public static final int FAMILY_IPV6 = 2;

  private Edns() {}
}
