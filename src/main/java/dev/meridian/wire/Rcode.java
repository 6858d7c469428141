package dev.meridian.wire;

/** Response codes (IANA registry of DNS parameters); those above 15 need EDNS (RFC 6891 §6.1.3). */
public final class Rcode {
  public static final int NOERROR = 0;
  public static final int FORMERR = 1;
  public static final int SERVFAIL = 2;
  public static final int NXDOMAIN = 3;
  public static final int NOTIMP = 4;
  public static final int REFUSED = 5;
  public static final int YXDOMAIN = 6;
  public static final int NOTAUTH = 9;
  public static final int BADVERS = 16;
  public static final int BADCOOKIE = 23;

  private static final String[] NAMES = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN"
  };

  private Rcode() {}

  /** The name that dig prints. */
  public static String toText(int rcode) {
    return switch (rcode) {
      case NOTAUTH -> "NOTAUTH";
      case BADVERS -> "BADVERS";
      case BADCOOKIE -> "BADCOOKIE";
      default -> rcode < NAMES.length ? NAMES[rcode] : "RCODE" + rcode;
    };
  }
}
