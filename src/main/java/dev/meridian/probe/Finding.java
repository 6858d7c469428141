package dev.meridian.probe;

import dev.meridian.health.Observation.Reason;

/**
 * What a probe found, before it is timed and judged.
 *
 * @param reason for programs
 * @param detail for people; whatever a target put into it is made short and printable
 */
record Finding(Reason reason, String detail) {
  private static final int MAX_DETAIL = 200;

  Finding {
    detail = printable(detail.length() > MAX_DETAIL ? cut(detail) : detail);
  }

  private static String cut(String detail) {
    return detail.substring(0, MAX_DETAIL - 3) + "...";
  }

  private static String printable(String detail) {
    for (int i = 0; i < detail.length(); i++) {
      if (!isPrintable(detail.charAt(i))) {
        return replaced(detail);
      }
    }
    return detail;
  }

  private static String replaced(String detail) {
    StringBuilder text = new StringBuilder(detail);
    for (int i = 0; i < text.length(); i++) {
      if (!isPrintable(text.charAt(i))) {
        text.setCharAt(i, '?');
      }
    }
    return text.toString();
  }

  private static boolean isPrintable(char c) {
    return c >= ' ' && c <= '~';
  }
}
