package dev.meridian.probe;

import dev.meridian.health.Observation.Reason;
import java.util.regex.Pattern;

/**
 * What a probe found, before it is timed and judged.
 *
 * @param reason for programs
 * @param detail for people; whatever a target put into it is made short and printable
 */
record Finding(Reason reason, String detail) {
  private static final int MAX_DETAIL = 200;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

  Finding {
    detail = UNPRINTABLE.matcher(detail).replaceAll("?");
    if (detail.length() > MAX_DETAIL) {
      detail = detail.substring(0, MAX_DETAIL - 3) + "...";
    }
  }
}
