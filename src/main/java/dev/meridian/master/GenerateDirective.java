package dev.meridian.master;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code $GENERATE start-stop[/step] owner [TTL] [class] type RDATA}: the records it stands
 * for, one after the other. In owner and RDATA, {@code $} is the number and <code>
 * ${offset,width,base}</code> the number plus offset, padded with zeros to the width, in base d, o,
 * x, X, or as reversed nibbles n, N; {@code $$} and {@code \$} are a dollar sign. Source: BIND 9
 * Administrator Reference Manual, zone file directives.
 */
final class GenerateDirective {
  private static final int MAX_RECORDS = 65_536;
  private static final int MAX_WIDTH = 255;
  private static final long MAX_OCTETS = 32L << 20;
  private static final int RANGE_TOKEN = 1;
  private static final int FIRST_TOKEN = 2;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})(?:/(\\d{1,9}))?");
  private static final Pattern MODIFIER =
      Pattern.compile("\\{(-?\\d{1,9})(?:,(\\d{1,9}))?(?:,([doxXnN]))?\\}");

  /** Says what is wrong with the directive, and at which token. */
  static final class MalformedDirective extends Exception {
    private static final long serialVersionUID = 1;
    private final int token;

    MalformedDirective(int token, String message) {
      super(message);
      this.token = token;
    }

    int token() {
      return token;
    }
  }

  private final MasterEntry template;
  private final long stop;
  private final long step;
  private long number;
  private long octets;

  private GenerateDirective(MasterEntry template, long start, long stop, long step) {
    this.template = template;
    this.number = start;
    this.stop = stop;
    this.step = step;
  }

  /**
   * @param template the whole entry; it must not change while records are taken
   */
  static GenerateDirective parse(MasterEntry template) throws MalformedDirective {
    if (template.size() < FIRST_TOKEN + 3) {
      throw new MalformedDirective(
          template.size() - 1, "$GENERATE takes a range, an owner, a type and data");
    }
    Matcher range = RANGE.matcher(template.string(RANGE_TOKEN));
    if (!range.matches()) {
      throw new MalformedDirective(
          RANGE_TOKEN, template.quote(RANGE_TOKEN) + " is not a range such as 1-254 or 0-100/2");
    }
    long start = Long.parseLong(range.group(1));
    long stop = Long.parseLong(range.group(2));
    long step = range.group(3) == null ? 1 : Long.parseLong(range.group(3));
    if (step == 0 || start > stop) {
      throw new MalformedDirective(
          RANGE_TOKEN, "the range must run upwards, in steps of 1 or more");
    }
    if ((stop - start) / step >= MAX_RECORDS) {
      throw new MalformedDirective(
          RANGE_TOKEN, "$GENERATE makes at most " + MAX_RECORDS + " records; split the range");
    }
    return new GenerateDirective(template, start, stop, step);
  }

  /**
   * Fills {@code entry} with the next record.
   *
   * @return false behind the last one
   */
  boolean next(MasterEntry entry) throws MalformedDirective {
    if (number > stop) {
      return false;
    }
    entry.clear();
    for (int token = FIRST_TOKEN; token < template.size(); token++) {
      entry.openLike(template, token);
      substitute(token, entry);
      entry.close();
    }
    octets += entry.length();
    if (octets > MAX_OCTETS) {
      throw new MalformedDirective(
          RANGE_TOKEN, "$GENERATE makes more than " + MAX_OCTETS + " octets of text");
    }
    number += step;
    return true;
  }

  private void substitute(int token, MasterEntry entry) throws MalformedDirective {
    String text = template.string(token);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '\\' && i < text.length()) {
        entry.append(c);
        entry.append(text.charAt(i++));
      } else if (c != '$') {
        entry.append(c);
      } else if (text.startsWith("$", i)) {
        entry.append('$');
        i++;
      } else if (text.startsWith("{", i)) {
        i = modified(token, text, i, entry);
      } else {
        append(entry, Long.toString(number));
      }
    }
  }

  private int modified(int token, String text, int from, MasterEntry entry)
      throws MalformedDirective {
    Matcher modifier = MODIFIER.matcher(text).region(from, text.length());
    if (!modifier.lookingAt()) {
      throw new MalformedDirective(
          token, "'${' begins something like ${offset}, ${offset,width} or ${offset,width,x}");
    }
    long value = number + Long.parseLong(modifier.group(1));
    int width = modifier.group(2) == null ? 0 : Integer.parseInt(modifier.group(2));
    if (value < 0 || width > MAX_WIDTH) {
      throw new MalformedDirective(
          token, value < 0 ? "the number gets negative" : "the width is at most " + MAX_WIDTH);
    }
    append(entry, format(value, width, modifier.group(3) == null ? "d" : modifier.group(3)));
    return modifier.end();
  }

  private static String format(long value, int width, String base) {
    return switch (base) {
      case "o" -> pad(Long.toOctalString(value), width);
      case "x" -> pad(Long.toHexString(value), width);
      case "X" -> pad(Long.toHexString(value).toUpperCase(Locale.ROOT), width);
      case "n" -> nibbles(value, width);
      case "N" -> nibbles(value, width).toUpperCase(Locale.ROOT);
      default -> pad(Long.toString(value), width);
    };
  }

  private static String pad(String digits, int width) {
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  /** Hexadecimal digits as labels, the lowest first; the width counts the dots too. */
  private static String nibbles(long value, int width) {
    StringBuilder labels = new StringBuilder();
    long rest = value;
    do {
      labels.append(Character.forDigit((int) (rest & 0xF), 16));
      rest >>>= 4;
      if (rest != 0 || labels.length() < width) {
        labels.append('.');
      }
    } while (rest != 0 || labels.length() < width);
    return labels.toString();
  }

  private static void append(MasterEntry entry, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      entry.append(ascii.charAt(i));
    }
  }
}
