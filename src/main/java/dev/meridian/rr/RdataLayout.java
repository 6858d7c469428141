package dev.meridian.rr;

/**
 * Where names stand in RDATA that may be compressed: those of RFC 1035 types only (RFC 3597 §4).
 * Such RDATA is some fixed octets, then names, then fixed octets.
 */
public final class RdataLayout {
  /** Octets before the target of a service binding. */
  public static final int PRIORITY_LENGTH = 2;

  private RdataLayout() {}

  /** How many compressible names the type's RDATA has: 0, 1 or 2. */
  public static int names(int type) {
    return switch (type) {
      case RRType.NS,
          RRType.MD,
          RRType.MF,
          RRType.CNAME,
          RRType.MB,
          RRType.MG,
          RRType.MR,
          RRType.PTR,
          RRType.MX ->
          1;
      case RRType.SOA, RRType.MINFO -> 2;
      default -> 0;
    };
  }

  /** Octets before the first name. */
  public static int octetsBefore(int type) {
    return type == RRType.MX ? 2 : 0;
  }

  /** Whether the type is SVCB or one like it: a priority, a target name, parameters (RFC 9460). */
  public static boolean isServiceBinding(int type) {
    return type == RRType.SVCB || type == RRType.HTTPS;
  }

  /** The octets of the uncompressed, well-formed name at {@code offset}. */
  public static int nameLength(byte[] source, int offset) {
    int at = offset;
    while (source[at] != 0) {
      at += source[at] + 1;
    }
    return at + 1 - offset;
  }
}
