package dev.meridian.answer;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is answered in class CHAOS: the server's version and id (RFC 4892), if it may tell them.
 * Immutable, made once.
 */
final class ChaosAnswers {
  /** The class. */
  static final int CLASS_CH = 3;

  private static final byte[] NOTHING = {};

  private final List<Entry> entries = new ArrayList<>();

  /** A name in wire form and its record as {@link EncodedRRset} keeps them. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Entry(byte[] name, byte[] record) {}

  ChaosAnswers(ServerIdentity identity) {
    add("version.bind.", identity.version());
    add("version.server.", identity.version());
    add("hostname.bind.", identity.id());
    add("id.server.", identity.id());
  }

  private void add(String name, Optional<String> text) {
    text.ifPresent(it -> entries.add(new Entry(DomainName.parse(name).toWire(), record(it))));
  }

  private static byte[] record(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    byte[] rdata = new byte[octets.length + 1];
    rdata[0] = (byte) octets.length;
    System.arraycopy(octets, 0, rdata, 1, octets.length);
    byte[] record = new byte[EncodedRRset.RDATA_OFFSET + rdata.length];
    EncodedRRset.encodeRecord(record, 0, RRType.TXT, 0, rdata);
    Octets.putShort(record, EncodedRRset.CLASS_OFFSET, CLASS_CH);
    return record;
  }

  /** The TXT record for a name, its owner a pointer to the question; empty if there is none. */
  byte[] find(LookupName name) {
    for (int i = 0; i < entries.size(); i++) {
      byte[] mine = entries.get(i).name();
      if (name.suffixEquals(0, mine, 0)) {
        return entries.get(i).record();
      }
    }
    return NOTHING;
  }
}
