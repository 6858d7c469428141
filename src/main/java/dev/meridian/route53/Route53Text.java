package dev.meridian.route53;

import dev.meridian.master.MasterFileWriter;
import dev.meridian.master.RdataReader.MalformedRdata;
import dev.meridian.master.ValueReader;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;

/**
 * Names and values as Route 53 writes them: presentation format, but with octal escapes ({@code
 * \052} is an asterisk) where master files have decimal ones, and with every name absolute.
 */
public final class Route53Text {
  private static final int SPF = 99;

  private final ValueReader values = new ValueReader();

  /**
   * Reads a name, with or without its final dot.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public static DomainName name(String text) {
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

  /** A name as Route 53 prints it: small, and octal escapes for all but a-z, 0-9, - and _. */
  public static String octal(DomainName name) {
    byte[] wire = name.toWire();
    StringBuilder out = new StringBuilder(wire.length + 8);
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      for (int i = 1; i <= wire[at]; i++) {
        int octet = wire[at + i] & 0xFF;
        char c = (char) (octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
        boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        out.append(plain ? "" + c : octal(c));
      }
      out.append('.');
    }
    return out.isEmpty() ? "." : out.toString();
  }

  private static String octal(int octet) {
    return "\\" + octet / 64 + octet / 8 % 8 + octet % 8;
  }

  /** One value as Route 53 prints it: presentation format with octal escapes. */
  public static String value(int type, byte[] rdata) {
    if (type == RRType.TXT || type == SPF) {
      return quoted(rdata);
    }
    String text = MasterFileWriter.value(type, rdata);
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      boolean escape = text.charAt(i) == '\\' && i + 1 < text.length();
      if (escape && i + 3 < text.length() && Character.isDigit(text.charAt(i + 1))) {
        out.append(octal(Integer.parseInt(text.substring(i + 1, i + 4))));
        i += 3;
      } else {
        out.append(text.charAt(i));
        if (escape) {
          out.append(text.charAt(++i));
        }
      }
    }
    return out.toString();
  }

  /** Character strings, each in quotation marks: Route 53 refuses them without. */
  private static String quoted(byte[] rdata) {
    StringBuilder out = new StringBuilder(rdata.length + 8);
    for (int at = 0; at < rdata.length; at += (rdata[at] & 0xFF) + 1) {
      out.append(at == 0 ? "\"" : " \"");
      for (int i = at + 1; i <= at + (rdata[at] & 0xFF); i++) {
        int octet = rdata[i] & 0xFF;
        boolean plain = octet >= ' ' && octet <= '~';
        boolean marked = octet == '"' || octet == '\\';
        out.append(marked ? "\\" + (char) octet : plain ? "" + (char) octet : octal(octet));
      }
      out.append('"');
    }
    return out.toString();
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
