package dev.meridian.answer;

import dev.meridian.rr.RRType;
import dev.meridian.wire.Edns;
import dev.meridian.wire.ExtendedError;
import dev.meridian.wire.Octets;
import dev.meridian.wire.QueryReader;
import dev.meridian.wire.Rcode;

/** Writes the OPT record of a response (RFC 6891 §6.1.2). */
final class OptWriter {
  private static final int SUBNET_FIXED = 4;
  private static final int EXTENDED_ERROR_LENGTH = 2;

  private OptWriter() {}

  /** Octets to keep free for the OPT record of an answer; 0 without EDNS. */
  static int reserve(QueryReader query) {
    if (!query.edns()) {
      return 0;
    }
    int subnet =
        query.hasClientSubnet()
            ? Edns.OPTION_HEADER_LENGTH + SUBNET_FIXED + addressOctets(query)
            : 0;
    return Edns.OPT_LENGTH + subnet;
  }

  private static int addressOctets(QueryReader query) {
    return (query.subnetSourceLength() + 7) >>> 3;
  }

  /** Writes behind what is there and returns the new end. */
  static int write(QueryContext context) {
    QueryReader query = context.query;
    byte[] out = context.response();
    int at = context.end;
    out[at] = 0; // the root
    Octets.putShort(out, at + 1, RRType.OPT);
    Octets.putShort(out, at + 3, context.udpPayload);
    // extended RCODE, version 0, and DO as it came (RFC 3225 §3)
    int extended = context.rcode >>> 4 << 24;
    Octets.putInt(out, at + 5, extended | (query.dnssecOk() ? Edns.DO : 0));
    Octets.putShort(out, at + 9, 0);
    int end = at + Edns.OPT_LENGTH;
    if (query.hasClientSubnet()
        && context.rcode != Rcode.BADVERS
        && context.rcode != Rcode.FORMERR) {
      end = writeClientSubnet(context, end);
    }
    if (context.error != ExtendedError.NONE) {
      end = writeExtendedError(context, end);
    }
    Octets.putShort(out, at + 9, end - at - Edns.OPT_LENGTH);
    return end;
  }

  /** RFC 7871 §7.2.1: family, source length and address as they came, and our scope. */
  private static int writeClientSubnet(QueryContext context, int at) {
    QueryReader query = context.query;
    byte[] out = context.response();
    int octets = addressOctets(query);
    Octets.putShort(out, at, Edns.CLIENT_SUBNET);
    Octets.putShort(out, at + 2, SUBNET_FIXED + octets);
    Octets.putShort(out, at + 4, query.subnetFamily());
    out[at + 6] = (byte) query.subnetSourceLength();
    out[at + 7] = (byte) scopeLength(context);
    int address = at + 8;
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

  private static int writeExtendedError(QueryContext context, int at) {
    byte[] out = context.response();
    Octets.putShort(out, at, Edns.EXTENDED_ERROR);
    Octets.putShort(out, at + 2, EXTENDED_ERROR_LENGTH);
    Octets.putShort(out, at + 4, context.error.infoCode());
    return at + Edns.OPTION_HEADER_LENGTH + EXTENDED_ERROR_LENGTH;
  }
}
