package dev.meridian.golden;

import dev.meridian.net.Prefix;
import dev.meridian.wire.DomainName;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Type;

/**
 * A query in octets, made of what dig would be told. Made here and not by a library, because half
 * of the cases are about queries that no library makes.
 */
public final class Query {
  private static final int SERVER_PAYLOAD = 1232;
  private static final int MIN_PAYLOAD = 512;
  private static final int RD = 0x0100;
  private static final int CD = 0x0010;
  private static final int AD = 0x0020;
  private static final int DO = 0x8000;

  private final @Nullable String source;
  private final byte[] message;
  private final int payload;
  private final boolean edns;

  private Query(@Nullable String source, byte[] message, int payload, boolean edns) {
    this.source = source;
    this.message = message;
    this.payload = payload;
    this.edns = edns;
  }

  /** The address to ask from; null for whatever the host takes. */
  @Nullable String source() {
    return source;
  }

  /** The octets, but for the identifier, which the client sets. */
  public byte[] message() {
    return message;
  }

  /** Octets that a response over UDP may have. */
  int payload() {
    return payload;
  }

  /** Whether dig was told to use EDNS; of raw octets nobody knows. */
  boolean edns() {
    return edns;
  }

  /** Reads {@code dig …} or {@code raw HEX}. */
  public static Query parse(String text) {
    if (text.startsWith("raw ")) {
      byte[] octets = HexFormat.of().parseHex(text.substring(4).replaceAll("#.*|\\s", ""));
      return new Query(null, octets, SERVER_PAYLOAD, false);
    }
    if (!text.startsWith("dig ")) {
      throw new IllegalArgumentException("neither dig nor raw: " + text);
    }
    return new Options().read(Arrays.asList(text.substring(4).strip().split("\\s+", -1)));
  }

  /** The octets behind the header up to the end of the question. */
  byte[] question() {
    int at = 12;
    while (message[at] != 0) {
      at += message[at] + 1;
    }
    return Arrays.copyOfRange(message, 12, at + 5);
  }

  /** Collects dig's options. */
  private static final class Options {
    private byte[] name = {0};
    private int type = Type.A;
    private int qclass = DClass.IN;
    private int flags;
    private boolean edns = true;
    private int version;
    private int bufsize = SERVER_PAYLOAD;
    private int ednsFlags;
    private @Nullable String source;
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();

    Query read(List<String> words) {
      Iterator<String> each = words.iterator();
      name = DomainName.parse(each.next()).toWire();
      while (each.hasNext()) {
        String word = each.next();
        switch (word) {
          case "-b" -> source = each.next();
          case "-c" -> qclass = qclass(each.next());
          default -> {
            if (word.startsWith("+")) {
              option(word.substring(1));
            } else {
              type = Type.value(word, true);
            }
          }
        }
      }
      return new Query(source, message(), edns ? limit() : MIN_PAYLOAD, edns);
    }

    private static int qclass(String text) {
      return text.startsWith("CLASS") ? Integer.parseInt(text.substring(5)) : DClass.value(text);
    }

    private int limit() {
      return Math.min(Math.max(bufsize, MIN_PAYLOAD), SERVER_PAYLOAD);
    }

    private void option(String option) {
      String value = option.substring(option.indexOf('=') + 1);
      switch (option.substring(
          0, option.length() - (option.contains("=") ? value.length() + 1 : 0))) {
        case "noedns" -> edns = false;
        case "edns" -> version = Integer.parseInt(value);
        case "bufsize" -> bufsize = Integer.parseInt(value);
        case "dnssec" -> ednsFlags |= DO;
        case "ednsflags" -> ednsFlags |= Integer.decode(value);
        case "ednsopt" -> ednsOption(value);
        case "subnet" -> subnet(Prefix.parse(value));
        case "recurse" -> flags |= RD;
        case "cdflag" -> flags |= CD;
        case "adflag" -> flags |= AD;
        case "opcode" -> flags |= Integer.parseInt(value) << 11;
        default -> throw new IllegalArgumentException("no such option: +" + option);
      }
    }

    /** dig's {@code +ednsopt=code:hex}. */
    private void ednsOption(String value) {
      int colon = value.indexOf(':');
      String code = colon < 0 ? value : value.substring(0, colon);
      byte[] data = HexFormat.of().parseHex(colon < 0 ? "" : value.substring(colon + 1));
      put16(options, Integer.parseInt(code));
      put16(options, data.length);
      options.writeBytes(data);
    }

    private void subnet(Prefix prefix) {
      byte[] octets = octets(prefix);
      int length = (prefix.length() + 7) / 8;
      put16(options, 8);
      put16(options, 4 + length);
      put16(options, prefix.ipv4() ? 1 : 2);
      options.write(prefix.length());
      options.write(0);
      options.write(octets, 0, length);
    }

    private static byte[] octets(Prefix prefix) {
      String text = prefix.toString();
      byte[] octets = Prefix.parseAddress(text.substring(0, text.indexOf('/')));
      if (octets == null) {
        throw new IllegalArgumentException(text);
      }
      return octets;
    }

    private byte[] message() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      put16(out, 0);
      put16(out, flags);
      put16(out, 1);
      put16(out, 0);
      put16(out, 0);
      put16(out, edns ? 1 : 0);
      out.writeBytes(name);
      put16(out, type);
      put16(out, qclass);
      if (edns) {
        out.write(0);
        put16(out, Type.OPT);
        put16(out, bufsize);
        put16(out, version);
        put16(out, ednsFlags);
        put16(out, options.size());
        out.writeBytes(options.toByteArray());
      }
      return out.toByteArray();
    }

    private static void put16(ByteArrayOutputStream out, int value) {
      out.write(value >>> 8);
      out.write(value);
    }
  }
}
