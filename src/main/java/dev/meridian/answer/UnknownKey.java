package dev.meridian.answer;

import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.SignatureReader;

/**
 * The TSIG record of a response to a query that is signed, by whatever key: none is known here. It
 * is the query's own, with an error in place of the MAC (RFC 8945 §5.2.1), and so never longer.
 */
final class UnknownKey {
  private static final int BADKEY = 17;

  /** MAC size, original ID, error, and the length of other data. */
  private static final int TAIL = 8;

  private UnknownKey() {}

  /**
   * Writes the record behind a response that is complete but for it, if there is room.
   *
   * @return the new end
   */
  static int append(QueryContext context, int end, int limit) {
    SignatureReader signature = context.query.signature();
    int copied = signature.macSizeAt() - signature.at();
    if (!signature.isRepeatable() || end + copied + TAIL > limit) {
      return end;
    }
    byte[] query = context.request();
    byte[] out = context.response();
    System.arraycopy(query, signature.at(), out, end, copied);
    int tail = end + copied;
    int originalId = signature.macSizeAt() + 2 + Octets.getShort(query, signature.macSizeAt());
    Octets.putShort(out, tail, 0);
    Octets.putShort(out, tail + 2, Octets.getShort(query, originalId));
    Octets.putShort(out, tail + 4, BADKEY);
    Octets.putShort(out, tail + 6, 0);
    int rdata = end + signature.rdataAt() - signature.at();
    Octets.putShort(out, rdata - 2, tail + TAIL - rdata);
    int additional = Octets.getShort(out, Header.ARCOUNT_OFFSET);
    Octets.putShort(out, Header.ARCOUNT_OFFSET, additional + 1);
    return tail + TAIL;
  }
}
