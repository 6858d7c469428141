package dev.meridian.health;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The HTTP status codes that let a probe pass.
 *
 * @param ranges at least one
 */
public record ExpectedStatus(List<Range> ranges) {
  /** 2xx and 3xx, as Route 53 has it. A redirect passes; it is not followed. */
  public static final ExpectedStatus DEFAULT = new ExpectedStatus(List.of(new Range(200, 399)));

  private static final Pattern CODE = Pattern.compile("([1-5])xx|(\\d{3})(?:-(\\d{3}))?");

  /**
   * Codes from {@code first} to {@code last}, both included.
   *
   * @param first 100-599
   * @param last {@code first}-599
   */
  public record Range(int first, int last) {
    /** Checks the bounds. */
    public Range {
      if (first < 100 || last > 599 || first > last) {
        throw new IllegalArgumentException(
            "status codes " + first + "-" + last + " are not a range within 100-599");
      }
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /** Copies the list. */
  public ExpectedStatus {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("no status code is expected, so no probe could pass");
    }
  }

  /**
   * Reads one range: {@code 204}, {@code 200-299} or {@code 2xx}.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public static Range parse(String text) {
    Matcher code = CODE.matcher(text);
    if (!code.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a status code; write 204, 200-299 or 2xx");
    }
    if (code.group(1) != null) {
      int hundreds = 100 * Integer.parseInt(code.group(1));
      return new Range(hundreds, hundreds + 99);
    }
    int first = Integer.parseInt(code.group(2));
    return new Range(first, code.group(3) == null ? first : Integer.parseInt(code.group(3)));
  }

  /** Whether a response with this status passes. */
  public boolean contains(int status) {
    for (Range range : ranges) {
      if (range.first <= status && status <= range.last) {
        return true;
      }
    }
    return false;
  }

  /** {@code 200-399} or {@code 200, 404}. */
  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
  }
}
