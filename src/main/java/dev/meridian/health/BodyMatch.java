package dev.meridian.health;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the body of an HTTP response must have for a probe to pass. */
public sealed interface BodyMatch {
  /** How many octets of the body are read at most. */
  int octets();

  /**
   * A string that lies entirely within the first {@value #OCTETS} octets of the body, compared as
   * UTF-8 octets, case-sensitive (Route 53: SearchString).
   *
   * @param text 1-255 octets
   */
  record Search(String text) implements BodyMatch {
    /** How much of a body is searched; Route 53's figure. */
    public static final int OCTETS = 5120;

    private static final int MAX_LENGTH = 255;

    /** Checks the length. */
    public Search {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      if (length == 0 || length > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "the search string has " + length + " octets; 1 to 255 are possible");
      }
    }

    @Override
    public int octets() {
      return OCTETS;
    }
  }

  /**
   * The samples of a Prometheus response to an instant query, all of which must compare as told.
   *
   * @param comparison what is healthy
   * @param threshold finite
   */
  record Samples(Comparison comparison, double threshold) implements BodyMatch {
    /** How much of a body is read. */
    public static final int OCTETS = 16_384;

    private static final Pattern TEXT = Pattern.compile("(<=|>=|==|!=|<|>) *([-+0-9.eE]{1,32})");

    /** Checks the number. */
    public Samples {
      if (!Double.isFinite(threshold)) {
        throw new IllegalArgumentException("'" + threshold + "' is no number to compare with");
      }
    }

    /**
     * Reads {@code "< 0.5"}.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public static Samples parse(String text) {
      Matcher parts = TEXT.matcher(text);
      try {
        if (parts.matches()) {
          return new Samples(Comparison.of(parts.group(1)), Double.parseDouble(parts.group(2)));
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new IllegalArgumentException(
          "'" + text + "' is no comparison; write one of < <= > >= == != and a number");
    }

    /** Whether a sample is healthy. */
    public boolean contains(double sample) {
      return comparison.holds(sample, threshold);
    }

    @Override
    public int octets() {
      return OCTETS;
    }

    @Override
    public String toString() {
      return comparison.text + " " + threshold;
    }
  }

  /** How a sample is compared. */
  enum Comparison {
    /** Less than. */
    LESS("<"),
    /** At most. */
    AT_MOST("<="),
    /** More than. */
    MORE(">"),
    /** At least. */
    AT_LEAST(">="),
    /** Exactly. */
    EQUAL("=="),
    /** Anything but. */
    DIFFERENT("!=");

    private final String text;

    Comparison(String text) {
      this.text = text;
    }

    static Comparison of(String text) {
      for (Comparison comparison : values()) {
        if (comparison.text.equals(text)) {
          return comparison;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is no comparison");
    }

    boolean holds(double sample, double threshold) {
      return switch (this) {
        case LESS -> sample < threshold;
        case AT_MOST -> sample <= threshold;
        case MORE -> sample > threshold;
        case AT_LEAST -> sample >= threshold;
        case EQUAL -> sample == threshold;
        case DIFFERENT -> sample != threshold;
      };
    }
  }

  /**
   * Fields of a JSON document within the first {@value #OCTETS} octets of the body, all of which
   * must have the value expected.
   *
   * @param fields values as text ({@code UP}, {@code 3}, {@code true}, {@code null}) by JSON
   *     pointer (RFC 6901), such as {@code /components/db/status}; 1-16
   */
  record Json(Map<String, String> fields) implements BodyMatch {
    /** How much of a body is read. */
    public static final int OCTETS = 16_384;

    private static final int MAX_FIELDS = 16;
    private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*");

    /** Checks the pointers. */
    public Json {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
      if (fields.isEmpty() || fields.size() > MAX_FIELDS) {
        throw new IllegalArgumentException("1 to " + MAX_FIELDS + " JSON fields can be compared");
      }
      for (String pointer : fields.keySet()) {
        if (!POINTER.matcher(pointer).matches()) {
          throw new IllegalArgumentException(
              "'" + pointer + "' is not a JSON pointer (RFC 6901); write it like /status/db");
        }
      }
    }

    @Override
    public int octets() {
      return OCTETS;
    }
  }
}
