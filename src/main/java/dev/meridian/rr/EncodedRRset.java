package dev.meridian.rr;

import dev.meridian.wire.LookupName;
import dev.meridian.wire.MessageWriter;
import dev.meridian.wire.Octets;

/**
 * The form in which RRsets are kept for answering: records one behind the other, each as on the
 * wire with names in RDATA uncompressed and {@link #OWNER} for an owner. Behind a question for the
 * owner itself the octets can be copied as they are.
 *
 * <pre>
 * C0 0C | TYPE | CLASS | TTL | RDLENGTH | RDATA      repeated
 * </pre>
 */
public final class EncodedRRset {
  /** A pointer to the question's name. */
  public static final int OWNER = 0xC00C;

  public static final int TYPE_OFFSET = 2;
  public static final int CLASS_OFFSET = 4;
  public static final int TTL_OFFSET = 6;
  public static final int RDLENGTH_OFFSET = 10;
  public static final int RDATA_OFFSET = 12;

  /** The Internet class, the only one there is. */
  public static final int CLASS_IN = 1;

  private EncodedRRset() {}

  /** Encodes an RRset. */
  public static byte[] encode(RRset rrset) {
    int size = 0;
    for (int i = 0; i < rrset.size(); i++) {
      size += RDATA_OFFSET + rrset.rdata(i).length;
    }
    byte[] out = new byte[size];
    int at = 0;
    for (int i = 0; i < rrset.size(); i++) {
      at = encodeRecord(out, at, rrset.type(), (int) rrset.ttl(), rrset.rdata(i));
    }
    return out;
  }

  /** Encodes one record at {@code at} and returns the offset behind it. */
  public static int encodeRecord(byte[] out, int at, int type, int ttl, byte[] rdata) {
    Octets.putShort(out, at, OWNER);
    Octets.putShort(out, at + TYPE_OFFSET, type);
    Octets.putShort(out, at + CLASS_OFFSET, CLASS_IN);
    Octets.putInt(out, at + TTL_OFFSET, ttl);
    Octets.putShort(out, at + RDLENGTH_OFFSET, rdata.length);
    System.arraycopy(rdata, 0, out, at + RDATA_OFFSET, rdata.length);
    return at + RDATA_OFFSET + rdata.length;
  }

  /** The offset behind the record at {@code at}. */
  public static int next(byte[] records, int at) {
    return at + RDATA_OFFSET + Octets.getShort(records, at + RDLENGTH_OFFSET);
  }

  /**
   * Writes the records at {@code from..to} under {@code owner}, compressing owner and RDATA.
   *
   * @param ownerSource where the owner stands in the case to be written, at {@code ownerAt}
   * @param ttl replaces the TTL of every record; -1 keeps them
   */
  public static void write(
      MessageWriter writer,
      LookupName owner,
      byte[] ownerSource,
      int ownerAt,
      byte[] records,
      int from,
      int to,
      int ttl) {
    for (int at = from; at < to; at = next(records, at)) {
      writer.name(owner, ownerSource, ownerAt);
      writeBehindOwner(writer, records, at, ttl);
    }
  }

  /** Writes all of the record at {@code at} but its owner; parameters as for {@link #write}. */
  public static void writeBehindOwner(MessageWriter writer, byte[] records, int at, int ttl) {
    writer.copy(records, at + TYPE_OFFSET, TTL_OFFSET - TYPE_OFFSET);
    writer.putInt(ttl >= 0 ? ttl : Octets.getInt(records, at + TTL_OFFSET));
    writeRdata(writer, records, at);
  }

  private static void writeRdata(MessageWriter writer, byte[] records, int record) {
    int type = Octets.getShort(records, record + TYPE_OFFSET);
    int at = record + RDATA_OFFSET;
    int end = next(records, record);
    int names = RdataLayout.names(type);
    if (names == 0) {
      writer.copy(records, record + RDLENGTH_OFFSET, 2 + end - at);
      return;
    }
    int lengthAt = writer.position();
    writer.putShort(0);
    writer.copy(records, at, RdataLayout.octetsBefore(type));
    at += RdataLayout.octetsBefore(type);
    for (int i = 0; i < names; i++) {
      writer.name(records, at);
      at += RdataLayout.nameLength(records, at);
    }
    writer.copy(records, at, end - at);
    writer.patchShort(lengthAt, writer.position() - lengthAt - 2);
  }
}
