package dev.meridian.answer;

import dev.meridian.rr.RRType;
import dev.meridian.wire.Edns;
import dev.meridian.wire.ExtendedError;
import dev.meridian.wire.Octets;
import dev.meridian.wire.QueryReader;
import dev.meridian.wire.Rcode;
import java.nio.charset.StandardCharsets;

/**
 * Writes the OPT record of a response (RFC 6891 §6.1.2). How long it will be is known from the
 * query alone, so that the room is kept before the sections are filled; only an extended error,
 * which goes with answers that have no records, comes on top. Immutable.
 *
 * <p>An error without records is never longer than its query, over UDP and to a client without a
 * valid cookie: nobody gains by having one sent to somebody else. Options that would make it longer
 * are left out, the extended error first.
 *
 * <p>There is no padding (RFC 7830 §6: never on a transport that is not encrypted).
 */
final class OptWriter {
  private static final int SUBNET_FIXED = 4;
  private static final int EXTENDED_ERROR_LENGTH = 2;
  private static final int KEEPALIVE_LENGTH = 2;
  private static final int MILLIS_PER_KEEPALIVE_UNIT = 100; // RFC 7828 §3.1
  private static final int NO_KEEPALIVE = -1;

  private final int udpPayload;
  private final byte[] nsid;
  private final int keepalive;

  OptWriter(AnswerSettings settings) {
    udpPayload = settings.udpPayload();
    nsid = settings.identity().id().orElse("").getBytes(StandardCharsets.UTF_8);
    keepalive =
        settings
            .tcpIdleTimeout()
            .map(idle -> (int) Math.min(0xFFFF, idle.toMillis() / MILLIS_PER_KEEPALIVE_UNIT))
            .orElse(NO_KEEPALIVE);
  }

  /** Octets to keep free for the OPT record of an answer; 0 without EDNS. */
  int length(QueryContext context) {
    QueryReader query = context.query;
    if (!query.edns()) {
      return 0;
    }
    int length = Edns.OPT_LENGTH;
    length += query.hasClientSubnet() ? option(SUBNET_FIXED + addressOctets(query)) : 0;
    length += context.hasCookie ? option(Edns.COOKIE_LENGTH) : 0;
    length += hasNsid(query) ? option(nsid.length) : 0;
    length += hasKeepalive(context) ? option(KEEPALIVE_LENGTH) : 0;
    return length;
  }

  private static int option(int dataLength) {
    return Edns.OPTION_HEADER_LENGTH + dataLength;
  }

  private static int addressOctets(QueryReader query) {
    return (query.subnetSourceLength() + 7) >>> 3;
  }

  private boolean hasNsid(QueryReader query) {
    return query.nsid() && nsid.length > 0;
  }

  /** RFC 7828 §3.2.2: to clients that understand it, over TCP. */
  private boolean hasKeepalive(QueryContext context) {
    return context.tcp()
        && keepalive != NO_KEEPALIVE
        && context.query.keepaliveLength() != QueryReader.ABSENT;
  }

  private int keepalive(QueryContext context) {
    return (int) Math.min(keepalive, context.idleMillis() / MILLIS_PER_KEEPALIVE_UNIT);
  }

  /** Writes behind what is there and returns the new end. */
  int write(QueryContext context) {
    byte[] out = context.response();
    int at = context.end;
    int most = most(context);
    int end = writeBare(context, at, udpPayload);
    out[at + 5] = (byte) (context.rcode >>> 4);
    // what the options of a malformed query say is not clear, nor who says what a key must prove
    if (context.rcode != Rcode.FORMERR && !context.query.signature().isPresent()) {
      end = writeOptions(context, end, most);
      assert most < Integer.MAX_VALUE || end - at == length(context)
          : "the OPT record is not as long as foreseen";
    }
    if (context.error != ExtendedError.NONE && fits(EXTENDED_ERROR_LENGTH, end, most)) {
      end = writeExtendedError(context, end);
    }
    Octets.putShort(out, at + 9, end - at - Edns.OPT_LENGTH);
    return end;
  }

  /** Where a response has to end. */
  private static int most(QueryContext context) {
    boolean limited = context.isBareError() && !context.tcp() && !context.isProven();
    return limited ? context.requestLength() : Integer.MAX_VALUE;
  }

  private static boolean fits(int dataLength, int at, int most) {
    return at <= most - option(dataLength);
  }

  /** Writes a record without options, for an RCODE below 16, and returns its end. */
  static int writeBare(QueryContext context, int at, int udpPayload) {
    byte[] out = context.response();
    out[at] = 0; // the root
    Octets.putShort(out, at + 1, RRType.OPT);
    Octets.putShort(out, at + 3, udpPayload);
    // version 0, and DO as it came (RFC 3225 §3)
    Octets.putInt(out, at + 5, context.query.dnssecOk() ? Edns.DO : 0);
    Octets.putShort(out, at + 9, 0);
    return at + Edns.OPT_LENGTH;
  }

  private int writeOptions(QueryContext context, int from, int most) {
    byte[] out = context.response();
    int at = from;
    if (context.query.hasClientSubnet()) {
      at = writeClientSubnet(context, at); // as long as it came
    }
    if (context.hasCookie && fits(Edns.COOKIE_LENGTH, at, most)) {
      at = begin(out, at, Edns.COOKIE, Edns.COOKIE_LENGTH);
      ServerCookies.write(context, out, at);
      at += Edns.COOKIE_LENGTH;
    }
    if (hasNsid(context.query) && fits(nsid.length, at, most)) {
      at = begin(out, at, Edns.NSID, nsid.length);
      System.arraycopy(nsid, 0, out, at, nsid.length);
      at += nsid.length;
    }
    if (hasKeepalive(context)) {
      at = begin(out, at, Edns.TCP_KEEPALIVE, KEEPALIVE_LENGTH);
      Octets.putShort(out, at, keepalive(context));
      at += KEEPALIVE_LENGTH;
    }
    return at;
  }

  /** Writes an option's code and length and returns where its data goes. */
  private static int begin(byte[] out, int at, int code, int length) {
    Octets.putShort(out, at, code);
    Octets.putShort(out, at + 2, length);
    return at + Edns.OPTION_HEADER_LENGTH;
  }

  /** RFC 7871 §7.2.1: family, source length and address as they came, and our scope. */
  private static int writeClientSubnet(QueryContext context, int from) {
    QueryReader query = context.query;
    byte[] out = context.response();
    int octets = addressOctets(query);
    int at = begin(out, from, Edns.CLIENT_SUBNET, SUBNET_FIXED + octets);
    Octets.putShort(out, at, query.subnetFamily());
    out[at + 2] = (byte) query.subnetSourceLength();
    out[at + 3] = (byte) scopeLength(context);
    int address = at + SUBNET_FIXED;
    Octets.putLong(out, address, query.subnetHigh());
    Octets.putLong(out, address + 8, query.subnetLow());
    return address + octets;
  }

  private static int scopeLength(QueryContext context) {
    QueryReader query = context.query;
    if (query.subnetSourceLength() == 0) {
      return 0; // the client's place had no say
    }
    boolean mapped = query.subnetFamily() == Edns.FAMILY_IPV6 && context.client.isIpv4();
    return context.scopeLength == 0 ? 0 : context.scopeLength + (mapped ? 96 : 0);
  }

  private static int writeExtendedError(QueryContext context, int from) {
    byte[] out = context.response();
    int at = begin(out, from, Edns.EXTENDED_ERROR, EXTENDED_ERROR_LENGTH);
    Octets.putShort(out, at, context.error.infoCode());
    return at + EXTENDED_ERROR_LENGTH;
  }
}
