package dev.meridian.master;

import dev.meridian.rr.RRType;
import dev.meridian.source.TimeText;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Octets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The RDATA of SOA, TXT and SRV as nearly everybody writes it, straight from octets to octets. What
 * is unusual in any way, or wrong, is left to the library, which has the whole grammar and the
 * words for errors.
 */
public final class PlainRdata {
  private static final long MAX_SERIAL = 0xFFFFFFFFL;
  private static final int SOA_NUMBERS = 5;
  private static final int SRV_NUMBERS = 3;
  private static final int MAX_STRING = 255;
  private static final int IPV6_OCTETS = 16;
  private static final int NONE = -1;

  private PlainRdata() {}

  /**
   * Reads tokens {@code first} to the last.
   *
   * @return null if this is another type, or not as simple as that
   */
  static byte @Nullable [] read(int type, MasterEntry entry, int first, DomainName origin) {
    return switch (type) {
      case RRType.SOA -> soa(entry, first, origin);
      case RRType.TXT -> txt(entry, first);
      case RRType.SRV -> srv(entry, first, origin);
      default -> null;
    };
  }

  /** A name of plain characters without quotes; null for any other. */
  static @Nullable DomainName name(MasterEntry entry, int token, DomainName origin) {
    return DomainName.parsePlain(entry.octets(), entry.from(token), entry.to(token), origin);
  }

  /** The number that a token of digits is; -1 for any other, and for one above {@code max}. */
  static long number(MasterEntry entry, int token, long max) {
    int digits = entry.length(token);
    long number = 0;
    for (int i = entry.from(token); i < entry.to(token); i++) {
      int octet = entry.octets()[i];
      if (octet < '0' || octet > '9' || digits > 10) {
        return -1;
      }
      number = number * 10 + octet - '0';
    }
    return digits == 0 || number > max ? -1 : number;
  }

  /**
   * An IPv6 address of groups of one to four hexadecimal digits (RFC 4291 §2.2, forms 1 and 2).
   *
   * @return null for any other text; it may be an address, too
   */
  public static byte @Nullable [] ipv6(MasterEntry entry, int token) {
    byte[] text = entry.octets();
    int end = entry.to(token);
    byte[] out = new byte[IPV6_OCTETS];
    int filled = 0;
    int gap = NONE;
    int at = entry.from(token);
    if (end - at >= 2 && text[at] == ':' && text[at + 1] == ':') {
      gap = 0;
      at += 2;
    }
    while (at < end) {
      int group = 0;
      int start = at;
      for (int digit; at < end && (digit = Character.digit(text[at], 16)) >= 0; at++) {
        group = group << 4 | digit;
      }
      if (at == start || at - start > 4 || filled == IPV6_OCTETS) {
        return null;
      }
      Octets.putShort(out, filled, group);
      filled += 2;
      if (at == end) {
        break;
      }
      if (text[at++] != ':' || at == end) {
        return null;
      }
      if (text[at] == ':') {
        if (gap != NONE) {
          return null;
        }
        gap = filled;
        at++;
      }
    }
    return spread(out, filled, gap);
  }

  /** Moves what stands behind the gap to the end; null if there are too many groups, or too few. */
  private static byte @Nullable [] spread(byte[] out, int filled, int gap) {
    if (gap == NONE) {
      return filled == IPV6_OCTETS ? out : null;
    }
    if (filled == IPV6_OCTETS) {
      return null;
    }
    int behind = filled - gap;
    System.arraycopy(out, gap, out, IPV6_OCTETS - behind, behind);
    Arrays.fill(out, gap, IPV6_OCTETS - behind, (byte) 0);
    return out;
  }

  private static byte @Nullable [] soa(MasterEntry entry, int first, DomainName origin) {
    if (entry.size() - first != 2 + SOA_NUMBERS || hasQuotes(entry, first)) {
      return null;
    }
    DomainName server = name(entry, first, origin);
    DomainName mailbox = name(entry, first + 1, origin);
    if (server == null || mailbox == null) {
      return null;
    }
    int at = server.length() + mailbox.length();
    byte[] rdata = new byte[at + SOA_NUMBERS * Integer.BYTES];
    server.copyTo(rdata, 0);
    mailbox.copyTo(rdata, server.length());
    for (int i = 0; i < SOA_NUMBERS; i++) {
      long number = number(entry, first + 2 + i, i == 0 ? MAX_SERIAL : TimeText.MAX_TTL);
      if (number < 0) {
        return null;
      }
      Octets.putInt(rdata, at + i * Integer.BYTES, (int) number);
    }
    return rdata;
  }

  private static byte @Nullable [] srv(MasterEntry entry, int first, DomainName origin) {
    if (entry.size() - first != SRV_NUMBERS + 1 || hasQuotes(entry, first)) {
      return null;
    }
    DomainName target = name(entry, first + SRV_NUMBERS, origin);
    if (target == null) {
      return null;
    }
    byte[] rdata = new byte[SRV_NUMBERS * Short.BYTES + target.length()];
    for (int i = 0; i < SRV_NUMBERS; i++) {
      int number = (int) number(entry, first + i, 0xFFFF);
      if (number < 0) {
        return null;
      }
      Octets.putShort(rdata, i * Short.BYTES, number);
    }
    target.copyTo(rdata, SRV_NUMBERS * Short.BYTES);
    return rdata;
  }

  private static boolean hasQuotes(MasterEntry entry, int first) {
    for (int token = first; token < entry.size(); token++) {
      if (entry.isQuoted(token)) {
        return true;
      }
    }
    return false;
  }

  private static byte @Nullable [] txt(MasterEntry entry, int first) {
    byte[] rdata = new byte[entry.to(entry.size() - 1) - entry.from(first) + entry.size() - first];
    int at = 0;
    for (int token = first; token < entry.size(); token++) {
      int length = entry.length(token);
      if (length > MAX_STRING || entry.isGlued(token) || !isPrintable(entry, token)) {
        return null;
      }
      rdata[at++] = (byte) length;
      System.arraycopy(entry.octets(), entry.from(token), rdata, at, length);
      at += length;
    }
    return at == rdata.length ? rdata : Arrays.copyOf(rdata, at);
  }

  private static boolean isPrintable(MasterEntry entry, int token) {
    for (int i = entry.from(token); i < entry.to(token); i++) {
      int octet = entry.octets()[i];
      if (octet < ' ' || octet > '~' || octet == '\\') {
        return false;
      }
    }
    return true;
  }
}
