package dev.meridian.load;

import dev.meridian.load.RdataReader.MalformedRdata;
import dev.meridian.wire.DomainName;

/**
 * Names and values as Route 53 writes them: presentation format, but with octal escapes ({@code
 * \052} is an asterisk) where master files have decimal ones, and with every name absolute.
 */
final class Route53Text {
  private final ValueReader values = new ValueReader();

  /**
   * Reads a name, with or without its final dot.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static DomainName name(String text) {
    return DomainName.parse(decimalEscapes(text));
  }

  /**
   * Reads one value of a record set as RDATA.
   *
   * @throws MalformedRdata with a sentence
   */
  byte[] rdata(int type, String text) throws MalformedRdata {
    return values.read(type, decimalEscapes(text), DomainName.ROOT);
  }

  /** Octal escapes as decimal ones; all other text stays. */
  static String decimalEscapes(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.append(text.charAt(i));
      if (text.charAt(i) != '\\' || i + 1 == text.length()) {
        continue;
      }
      int octet = octal(text, i + 1);
      if (octet >= 0) {
        out.append((char) ('0' + octet / 100));
        out.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
        i += 3;
      } else {
        out.append(text.charAt(++i));
      }
    }
    return out.toString();
  }

  /** The value of three octal digits; -1 if something else is there. */
  private static int octal(String text, int at) {
    if (at + 3 > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 7) {
        return -1;
      }
      value = value * 8 + digit;
    }
    return value < 256 ? value : -1;
  }
}
