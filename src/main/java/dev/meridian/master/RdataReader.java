package dev.meridian.master;

import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.UNKRecord;

/**
 * Turns the RDATA of one entry into wire form. The types that fill large zones are read here;
 * dnsjava knows the grammar of all others; {@code \# length hex} is read for every type (RFC 3597
 * §5). Names come out uncompressed and in the case they were written.
 */
public final class RdataReader {
  private static final int MAX_RDATA = 0xFFFF;

  /** Octets before RDATA in a record whose owner is the root: name, type, class, TTL, length. */
  private static final int RDATA_OFFSET = 11;

  /** Says what is wrong with RDATA, and at which token. */
  public static final class MalformedRdata extends Exception {
    private static final long serialVersionUID = 1;
    private final int token;

    MalformedRdata(int token, String message) {
      super(message);
      this.token = token;
    }

    int token() {
      return token;
    }
  }

  private DomainName origin = DomainName.ROOT;
  private @Nullable Name originName;

  /**
   * Reads tokens {@code first} to the last.
   *
   * @param origin what relative names are below
   */
  byte[] read(int type, MasterEntry entry, int first, DomainName origin) throws MalformedRdata {
    if (first == entry.size()) {
      throw new MalformedRdata(first - 1, RRType.toText(type) + " needs data behind it");
    }
    if (!entry.isQuoted(first) && entry.is(first, "\\#")) {
      return generic(type, entry, first);
    }
    return switch (type) {
      case RRType.A -> ipv4(entry, first);
      case RRType.AAAA -> ipv6(entry, first);
      case RRType.NS, RRType.CNAME, RRType.PTR, RRType.DNAME -> {
        requireCount(type, entry, first, 1);
        yield name(entry, first, origin).toWire();
      }
      case RRType.MX -> mx(entry, first, origin);
      default -> {
        byte[] plain = PlainRdata.read(type, entry, first, origin);
        yield plain != null ? plain : byLibrary(type, entry, first, origin);
      }
    };
  }

  private static void requireCount(int type, MasterEntry entry, int first, int count)
      throws MalformedRdata {
    if (entry.size() - first > count) {
      int extra = first + count;
      throw new MalformedRdata(
          extra,
          entry.quote(extra)
              + " is too much: "
              + RRType.toText(type)
              + " takes "
              + count
              + (count == 1 ? " value" : " values"));
    }
    if (entry.size() - first < count) {
      throw new MalformedRdata(
          entry.size() - 1, RRType.toText(type) + " takes " + count + " values");
    }
  }

  private static byte[] ipv4(MasterEntry entry, int first) throws MalformedRdata {
    requireCount(RRType.A, entry, first, 1);
    byte[] octets = new byte[4];
    byte[] text = entry.octets();
    int at = entry.from(first);
    int end = entry.to(first);
    for (int part = 0; part < 4; part++) {
      int value = 0;
      int start = at;
      while (at < end && text[at] >= '0' && text[at] <= '9' && at - start < 3) {
        value = value * 10 + text[at++] - '0';
      }
      boolean leadingZero = at - start > 1 && text[start] == '0';
      boolean separated = part == 3 ? at == end : at < end && text[at] == '.';
      if (at == start || leadingZero || value > 255 || !separated) {
        throw new MalformedRdata(first, entry.quote(first) + " is not an IPv4 address");
      }
      octets[part] = (byte) value;
      at++;
    }
    return octets;
  }

  private static byte[] ipv6(MasterEntry entry, int first) throws MalformedRdata {
    requireCount(RRType.AAAA, entry, first, 1);
    byte[] octets = PlainRdata.ipv6(entry, first);
    if (octets == null) {
      octets = Prefix.parseAddress(entry.string(first));
    }
    if (octets == null || octets.length != 16) {
      throw new MalformedRdata(first, entry.quote(first) + " is not an IPv6 address");
    }
    return octets;
  }

  private static DomainName name(MasterEntry entry, int token, DomainName origin)
      throws MalformedRdata {
    try {
      DomainName plain = PlainRdata.name(entry, token, origin);
      return plain != null ? plain : DomainName.parse(entry.string(token), origin);
    } catch (IllegalArgumentException e) {
      throw new MalformedRdata(token, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] mx(MasterEntry entry, int first, DomainName origin) throws MalformedRdata {
    requireCount(RRType.MX, entry, first, 2);
    int number = (int) PlainRdata.number(entry, first, 0xFFFF);
    if (number < 0) {
      throw new MalformedRdata(
          first, "the preference " + entry.quote(first) + " is not a number from 0 to 65535");
    }
    DomainName host = name(entry, first + 1, origin);
    byte[] rdata = new byte[2 + host.length()];
    rdata[0] = (byte) (number >>> 8);
    rdata[1] = (byte) number;
    host.copyTo(rdata, 2);
    return rdata;
  }

  private static byte[] generic(int type, MasterEntry entry, int first) throws MalformedRdata {
    if (first + 1 == entry.size()) {
      throw new MalformedRdata(first, "\\# takes a length and hexadecimal digits");
    }
    StringBuilder hex = new StringBuilder();
    for (int token = first + 2; token < entry.size(); token++) {
      hex.append(entry.string(token));
    }
    byte[] octets;
    try {
      octets = HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw new MalformedRdata(first + 2, "the data behind \\# is not pairs of hexadecimal digits");
    }
    if (!entry.string(first + 1).equals(Integer.toString(octets.length))) {
      throw new MalformedRdata(
          first + 1,
          "\\# says " + entry.quote(first + 1) + " octets but " + octets.length + " follow");
    }
    return checked(type, octets, first);
  }

  /** Opaque octets still have to be what the type says, or clients would choke on them. */
  private static byte[] checked(int type, byte[] octets, int token) throws MalformedRdata {
    if (octets.length > MAX_RDATA) {
      throw new MalformedRdata(token, "RDATA is longer than " + MAX_RDATA + " octets");
    }
    Record record;
    try {
      record = Record.newRecord(Name.root, type, DClass.IN, 0, octets);
    } catch (RuntimeException e) {
      record = null;
    }
    if (record == null) {
      throw new MalformedRdata(
          token, "the octets are not well-formed " + RRType.toText(type) + " data");
    }
    return record instanceof UNKRecord ? octets : rdata(record, token);
  }

  private byte[] byLibrary(int type, MasterEntry entry, int first, DomainName origin)
      throws MalformedRdata {
    Record record;
    try {
      record = Record.fromString(Name.root, type, DClass.IN, 0, entry.join(first), nameOf(origin));
    } catch (IOException | RuntimeException e) {
      throw new MalformedRdata(first, explain(type, e));
    }
    return rdata(record, first);
  }

  private static byte[] rdata(Record record, int token) throws MalformedRdata {
    byte[] whole;
    try {
      whole = record.toWire(Section.ANSWER);
    } catch (RuntimeException e) {
      throw new MalformedRdata(token, "the data does not fit a record: " + e.getMessage());
    }
    int length = whole.length - RDATA_OFFSET;
    if (length > MAX_RDATA) {
      throw new MalformedRdata(token, "RDATA is longer than " + MAX_RDATA + " octets");
    }
    byte[] rdata = new byte[length];
    System.arraycopy(whole, RDATA_OFFSET, rdata, 0, length);
    return rdata;
  }

  private Name nameOf(DomainName wanted) throws IOException {
    Name known = originName;
    if (known == null || !wanted.equals(origin)) {
      known = new Name(wanted.toWire());
      originName = known;
      origin = wanted;
    }
    return known;
  }

  private static String explain(int type, Exception e) {
    String text = RRType.toText(type);
    String reason = String.valueOf(e.getMessage()).replaceFirst("^<none>:\\d+: ", "");
    return reason.contains("invalid unknown RR encoding") || reason.contains("no text format")
        ? text + " has no text form here; write its RDATA as \\# length hex (RFC 3597)"
        : "not well-formed " + text + " data: " + reason;
  }
}
