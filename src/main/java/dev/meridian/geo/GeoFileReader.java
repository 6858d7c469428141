package dev.meridian.geo;

import dev.meridian.net.PrefixPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Reads {@link GeoFileFormat}, and trusts nothing in it. */
final class GeoFileReader {
  /** No deflate stream grows by more than this (zlib's documentation: 1032). */
  private static final long MAX_EXPANSION = 1040;

  /** An array, and not a buffer: a million octets are read before the JIT has seen much. */
  private final byte[] body;

  private int position;
  private final boolean hasDistricts;

  private GeoFileReader(byte[] body, boolean hasDistricts) {
    this.body = body;
    this.hasDistricts = hasDistricts;
  }

  /**
   * The database in a file's octets.
   *
   * @param name of the file, for messages and as the database's source
   * @throws GeoException if the file is damaged or of another version
   */
  static GeoDatabase read(byte[] file, String name) {
    if (!GeoFileFormat.startsWithMagic(file)) {
      throw new GeoException(name, "not a .geo file; make one with 'meridian geoip compile'");
    }
    int version = GeoFileFormat.version(file);
    if (!GeoFileFormat.isReadable(version)) {
      throw new GeoException(
          name,
          ".geo files of version "
              + version
              + " are for another release; compile the database again with this one");
    }
    try {
      boolean hasDistricts = version > GeoFileFormat.WITHOUT_DISTRICTS;
      return new GeoFileReader(openBody(file), hasDistricts).whole(name);
    } catch (DataFormatException e) {
      throw damaged(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static GeoException damaged(String name, String how, Throwable cause) {
    return new GeoException(
        name, "the file is damaged (" + how + "); copy or compile it again", cause);
  }

  private static byte[] openBody(byte[] file) throws DataFormatException {
    if (file.length < GeoFileFormat.HEADER_SIZE) {
      throw new DataFormatException(
          "it ends after " + file.length + " octets of a header of " + GeoFileFormat.HEADER_SIZE);
    }
    CRC32 crc = new CRC32();
    crc.update(file, GeoFileFormat.CHECKED_FROM, file.length - GeoFileFormat.CHECKED_FROM);
    ByteBuffer header = ByteBuffer.wrap(file);
    if (header.getInt(GeoFileFormat.CHECKED_FROM - 4) != (int) crc.getValue()) {
      throw new DataFormatException(
          "its checksum is not that of the "
              + (file.length - GeoFileFormat.CHECKED_FROM)
              + " octets from octet "
              + GeoFileFormat.CHECKED_FROM
              + " to its end");
    }
    int length = header.getInt(GeoFileFormat.CHECKED_FROM);
    if (length < 0 || length > MAX_EXPANSION * file.length) {
      throw new DataFormatException(
          "at octet "
              + GeoFileFormat.CHECKED_FROM
              + " it says that it unpacks to "
              + length
              + " octets, which it cannot");
    }
    return inflate(file, length);
  }

  private static byte[] inflate(byte[] file, int length) throws DataFormatException {
    byte[] body = new byte[length];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(file, GeoFileFormat.HEADER_SIZE, file.length - GeoFileFormat.HEADER_SIZE);
      int filled = inflater.inflate(body);
      if (filled != length) {
        throw new DataFormatException(
            "it unpacks to " + filled + " octets, and its header says " + length);
      }
      return body;
    }
  }

  private GeoDatabase whole(String name) {
    try {
      return database(name);
    } catch (DataFormatException | RuntimeException e) {
      String how = e instanceof DataFormatException ? e.getMessage() : "something makes no sense";
      String where = "at octet " + position + " of the " + body.length + " that it unpacks to";
      throw damaged(name, how + ", " + where, e);
    }
  }

  private GeoDatabase database(String name) throws DataFormatException {
    String description = text();
    Instant builtAt = Instant.ofEpochSecond(varint());
    int locationCount = count();
    List<Location> locations = new ArrayList<>(locationCount + 1);
    locations.add(Location.UNKNOWN);
    for (int i = 0; i < locationCount; i++) {
      locations.add(location());
    }
    PrefixPartition places = partition(locationCount);
    PrefixPartition networks = partition(Integer.MAX_VALUE);
    return new GeoDatabase(
        places, locations, networks, new GeoDatabase.Origin(name, description, builtAt));
  }

  private Location location() throws DataFormatException {
    String continent = text();
    String country = text();
    String subdivision = text();
    String district = hasDistricts ? text() : "";
    String city = text();
    int geonameId = hasDistricts ? upTo(Integer.MAX_VALUE) : 0;
    return new Location(continent, country, subdivision, district, city, geonameId, coordinates());
  }

  private @Nullable Coordinates coordinates() throws DataFormatException {
    long latitude = varint();
    if (latitude == 0) {
      return null;
    }
    return new Coordinates(
        (latitude - GeoFileFormat.LATITUDE_OFFSET) / 10.0,
        (varint() - GeoFileFormat.LONGITUDE_OFFSET) / 10.0);
  }

  private PrefixPartition partition(int maxValue) throws DataFormatException {
    int[] values4 = values(maxValue);
    long[] starts4 = starts(values4.length);
    int[] values6 = values(maxValue);
    long[] starts6 = starts(values6.length);
    return PrefixPartition.ofRuns(ipv4(starts4), values4, starts6, values6);
  }

  private int[] values(int max) throws DataFormatException {
    int[] values = new int[count()];
    for (int run = 0; run < values.length; run++) {
      values[run] = upTo(max);
    }
    return values;
  }

  private long[] starts(int count) throws DataFormatException {
    long[] starts = new long[count];
    int shifts = position - 1;
    position += Math.max(0, count - 1);
    for (int run = 1; run < count; run++) {
      starts[run] = starts[run - 1] + ((varint() << 1 | 1) << body[shifts + run]);
    }
    return starts;
  }

  private static int[] ipv4(long[] starts) throws DataFormatException {
    int[] addresses = new int[starts.length];
    for (int run = 0; run < starts.length; run++) {
      if (starts[run] >>> 32 != 0) {
        throw new DataFormatException("it leaves the address space");
      }
      addresses[run] = (int) starts[run];
    }
    return addresses;
  }

  /** A number of things that take at least one octet each. */
  private int count() throws DataFormatException {
    return upTo(body.length - position);
  }

  private int upTo(int max) throws DataFormatException {
    long value = varint();
    if (value < 0 || value > max) {
      throw new DataFormatException("a number in it is out of range");
    }
    return (int) value;
  }

  private String text() throws DataFormatException {
    int length = count();
    position += length;
    return new String(body, position - length, length, StandardCharsets.UTF_8);
  }

  private long varint() throws DataFormatException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte octet = body[position++];
      value |= (long) (octet & 0x7F) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw new DataFormatException("a number in it has no end");
  }
}
