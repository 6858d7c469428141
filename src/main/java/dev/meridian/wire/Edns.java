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

  /** Name server identifier, RFC 5001. */
  public static final int NSID = 3;

  /** Client subnet, RFC 7871. */
  public static final int CLIENT_SUBNET = 8;

  /** DNS cookie, RFC 7873. */
  public static final int COOKIE = 10;

  /** How long a TCP connection may be idle, RFC 7828. */
  public static final int TCP_KEEPALIVE = 11;

  /** Extended DNS error, RFC 8914. */
  public static final int EXTENDED_ERROR = 15;

  /** Octets of a client's cookie. */
  public static final int CLIENT_COOKIE_LENGTH = 8;

  /** Octets of a client's and a server's cookie together, as RFC 9018 §4 makes them. */
  public static final int COOKIE_LENGTH = 24;

  /** Octets of a client's and any server's cookie together. */
  public static final int MIN_COOKIE_LENGTH = 16;

  public static final int MAX_COOKIE_LENGTH = 40;

  /** Address family numbers of client subnet. */
  public static final int FAMILY_IPV4 = 1;

  public static final int FAMILY_IPV6 = 2;

  private Edns() {}
}
