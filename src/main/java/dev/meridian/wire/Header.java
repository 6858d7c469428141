package dev.meridian.wire;

/**
 * The message header, RFC 1035 §4.1.1.
 *
 * <pre>
 *   0  1  2  3  4  5  6  7  8  9  A  B  C  D  E  F
 * |                      ID                       |
 * |QR|   OPCODE  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |   AD and CD: RFC 4035 §3.1.6
 * |                    QDCOUNT                    |
 * |                    ANCOUNT                    |
 * |                    NSCOUNT                    |
 * |                    ARCOUNT                    |
 * </pre>
 */
public final class Header {
  /** Octets of a header. */
  public static final int LENGTH = 12;

  public static final int ID_OFFSET = 0;
  public static final int FLAGS_OFFSET = 2;
  public static final int QDCOUNT_OFFSET = 4;
  public static final int ANCOUNT_OFFSET = 6;
  public static final int NSCOUNT_OFFSET = 8;
  public static final int ARCOUNT_OFFSET = 10;

  public static final int QR = 0x8000;
  public static final int OPCODE_MASK = 0x7800;
  public static final int AA = 0x0400;
  public static final int TC = 0x0200;
  public static final int RD = 0x0100;
  public static final int RA = 0x0080;
  public static final int AD = 0x0020;
  public static final int CD = 0x0010;

  private Header() {}
}
