package dev.meridian.spans;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The span of somebody else that one of ours belongs to.
 *
 * @param trace 32 hexadecimal digits
 * @param span 16 hexadecimal digits
 */
public record Parent(String trace, String span) {
  private static final Pattern HEADER =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final int SAMPLED = 1;

  /**
   * Reads the header {@code traceparent} of W3C Trace Context. Empty if there is none, it is wrong,
   * or its sender does not keep the trace.
   */
  public static Optional<Parent> ofHeader(String text) {
    Matcher header = HEADER.matcher(text);
    if (!header.matches()
        || header.group(1).equals("ff")
        || (header.group(1).equals("00") && header.group(5) != null)
        || header.group(2).matches("0+")
        || header.group(3).matches("0+")
        || (HexFormat.fromHexDigits(header.group(4)) & SAMPLED) == 0) {
      return Optional.empty();
    }
    return Optional.of(new Parent(header.group(2), header.group(3)));
  }
}
