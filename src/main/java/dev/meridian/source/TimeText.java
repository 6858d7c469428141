package dev.meridian.source;

/** Spans of time as people write them in zone and policy files. */
public final class TimeText {
  /** RFC 2181 §8: the largest TTL, in seconds. */
  public static final long MAX_TTL = 0x7FFFFFFFL;

  /** What the methods return for text that is no span of time. */
  public static final long INVALID = -1;

  private static final int MAX_DIGITS = 12;

  /** Sums stop here, far outside of every range, so that none overflows, in milliseconds either. */
  private static final long FAR = 1L << 53;

  private TimeText() {}

  /**
   * Seconds: {@code 300}, {@code 30s}, {@code 5m}, {@code 1h30m}, {@code 1d}, {@code 1w}, in either
   * case, or {@link #INVALID}. The caller checks the range; no text of 64 KiB overflows.
   */
  public static long seconds(String text) {
    long total = 0;
    long number = 0;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9' && digits < MAX_DIGITS) {
        number = number * 10 + (c - '0');
        digits++;
      } else if (digits > 0 && unit(c) > 0) {
        total = Math.min(total + number * unit(c), FAR);
        number = 0;
        digits = 0;
      } else {
        return INVALID;
      }
    }
    boolean bareNumber = digits == text.length();
    return text.isEmpty() || (digits > 0 && !bareNumber) ? INVALID : total + number;
  }

  private static long unit(char c) {
    return switch (c) {
      case 's', 'S' -> 1;
      case 'm', 'M' -> 60;
      case 'h', 'H' -> 3600;
      case 'd', 'D' -> 86_400;
      case 'w', 'W' -> 604_800;
      default -> 0;
    };
  }

  /** Milliseconds: as {@link #seconds}, or {@code 500ms}. */
  static long milliseconds(String text) {
    if (text.endsWith("ms")) {
      String digits = text.substring(0, text.length() - 2);
      return digits.matches("\\d{1,9}") ? Long.parseLong(digits) : INVALID;
    }
    long seconds = seconds(text);
    return seconds == INVALID ? INVALID : seconds * 1000;
  }
}
