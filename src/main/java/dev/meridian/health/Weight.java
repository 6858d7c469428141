package dev.meridian.health;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of what it would take an answer takes, while the check that watches it says so.
 *
 * <pre>
 * SHARE 10       by a person: a tenth. Among weights, of its own; elsewhere, of its clients: the
 *                others take the rest
 * NUMBER 5       by a person: this weight in place of the one written, where there are weights
 * SLOW_START 10  as SHARE, because it came back a short while ago
 * </pre>
 *
 * @param kind what the number is
 * @param number percent, 0-100 of SHARE, 1-99 of SLOW_START; else a weight, 0 to {@link
 *     #MAX_NUMBER}
 */
public record Weight(Kind kind, long number) {
  /** The largest weight there is. */
  public static final long MAX_NUMBER = 0xFFFFFFFFL;

  /** All of it, in percent. */
  public static final int FULL = 100;

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,10})(%?)");

  /** See {@link Weight}. */
  public enum Kind {
    SHARE,
    NUMBER,
    SLOW_START
  }

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public Weight {
    long most = kind == Kind.NUMBER ? MAX_NUMBER : FULL;
    if (number < 0 || number > most) {
      String unit = kind == Kind.NUMBER ? "" : "%";
      throw new IllegalArgumentException(
          "a weight of " + number + unit + " is not in 0.." + most + unit);
    }
  }

  /**
   * Reads {@code 5} or {@code 10%}, as a person decides it.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public static Weight parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no weight: a number such as 5, or a part of the one written: 10%");
    }
    Kind kind = matcher.group(2).isEmpty() ? Kind.NUMBER : Kind.SHARE;
    return new Weight(kind, Long.parseLong(matcher.group(1)));
  }

  /** {@code 5} or {@code 10%}. */
  public String word() {
    return kind == Kind.NUMBER ? Long.toString(number) : number + "%";
  }

  /** {@code override} or {@code slow-start}: what is behind it, as programs read it. */
  public String cause() {
    return kind == Kind.SLOW_START ? "slow-start" : "override";
  }

  /** Percent of what it would take, 0-100; a number other than 0 only counts among weights. */
  public int percent() {
    return kind == Kind.NUMBER ? (number == 0 ? 0 : FULL) : (int) number;
  }

  /** In hundredths, in place of the weight that is written. */
  public long hundredths(long written) {
    return kind == Kind.NUMBER ? number * FULL : written * number;
  }
}
