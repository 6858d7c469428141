package dev.meridian.master;

import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import java.util.HexFormat;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** RDATA for people. */
public final class RdataText {
  private RdataText() {}

  /**
   * Presentation format of uncompressed RDATA; in the form of RFC 3597 §5 where the type is not
   * known or the octets do not fit it.
   */
  public static String of(int type, byte[] rdata) {
    if (type == RRType.AAAA && rdata.length == 16) {
      Prefix address = Prefix.of(rdata, 128);
      return Prefix.ipv6Text(address.high(), address.low()); // RFC 5952, as everywhere else here
    }
    if (!RRType.isMeta(type)) {
      try {
        return Record.newRecord(Name.root, type, DClass.IN, 0, rdata).rdataToString();
      } catch (IllegalArgumentException e) {
        return unknown(rdata);
      }
    }
    return unknown(rdata);
  }

  private static String unknown(byte[] rdata) {
    return "\\# " + rdata.length + " " + HexFormat.of().formatHex(rdata);
  }
}
