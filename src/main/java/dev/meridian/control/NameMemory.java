package dev.meridian.control;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of names elsewhere, as octets.
 *
 * <pre>
 * format, 1 octet | count, 4 | count × (name: length, 1, octets; A; AAAA)
 * A, AAAA: known, 1 octet | if known: TTL, 4; count, 1; addresses
 * </pre>
 */
final class NameMemory {
  private static final int FORMAT = 1;

  private NameMemory() {}

  static byte[] octets(ResolvedNames names) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(octets);
    try {
      out.writeByte(FORMAT);
      out.writeInt(names.all().size());
      for (ResolvedName name : names.all()) {
        out.writeByte(name.name().length());
        out.write(name.name().toWire());
        write(out, name.ipv4());
        write(out, name.ipv6());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return octets.toByteArray();
  }

  private static void write(DataOutputStream out, @Nullable RRset records) throws IOException {
    out.writeBoolean(records != null);
    if (records != null) {
      out.writeInt((int) records.ttl());
      out.writeByte(records.size());
      for (int i = 0; i < records.size(); i++) {
        out.write(records.rdata(i));
      }
    }
  }

  /**
   * Reads them back.
   *
   * @throws IOException if they are no such octets
   */
  static ResolvedNames read(byte[] octets) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets));
    int format = in.readUnsignedByte();
    if (format != FORMAT) {
      throw new IOException("they have format " + format + ", this build reads " + FORMAT);
    }
    List<ResolvedName> names = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      byte[] wire = in.readNBytes(in.readUnsignedByte());
      try {
        DomainName name = DomainName.ofWire(wire, 0);
        names.add(new ResolvedName(name, records(in, RRType.A, 4), records(in, RRType.AAAA, 16)));
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return ResolvedNames.of(names);
  }

  private static @Nullable RRset records(DataInputStream in, int type, int length)
      throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    int ttl = in.readInt();
    List<byte[]> addresses = new ArrayList<>();
    for (int i = in.readUnsignedByte(); i > 0; i--) {
      byte[] address = new byte[length];
      in.readFully(address);
      addresses.add(address);
    }
    return new RRset(type, ttl, addresses);
  }
}
