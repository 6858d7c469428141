package dev.meridian.geo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The layout of a {@code .geo} file: a compiled {@link GeoDatabase}, small enough to be kept beside
 * the zones.
 *
 * <pre>
 * header   8 octets  "MRDNGEO" and the version, 2
 *          4         CRC-32 of all that follows
 *          4         length of the body before compression
 * body     zlib stream (RFC 1950) of:
 *          text      description
 *          varint    when its publisher built it, seconds since 1970
 *          varint    number of locations, without the unknown one; for each:
 *                    texts continent, country, subdivision, district, city;
 *                    varint GeoNames id of the city, 0 for none;
 *                    varint 0 for no coordinates, else tenths of a degree: latitude + 901,
 *                    followed by longitude + 1800
 *          partition places, values are location numbers
 *          partition networks, values are AS numbers
 * partition          IPv4 runs, IPv6 runs
 * runs     varint    count; the first run starts at address zero
 *          varint×n  the values
 *          octet×n-1 how many low zero bits the distance to the start of the next run has
 *          varint×n-1 the distance without those bits and without the one above them; IPv6
 *                    distances are between the upper 64 bits
 * </pre>
 *
 * <p>A text is a varint of its octets and UTF-8. A varint has seven bits an octet, the least
 * significant first, the eighth set on all but the last. Like values stand together because deflate
 * then finds them alike. Version 1 had neither district nor GeoNames id; it is still read.
 */
final class GeoFileFormat {
  static final int HEADER_SIZE = 16;
  static final int CHECKED_FROM = 12;
  static final int LATITUDE_OFFSET = 901;
  static final int LONGITUDE_OFFSET = 1800;

  private static final int VERSION_AT = 7;
  private static final int VERSION = 2;

  /** The last version whose locations have neither district nor GeoNames id. */
  static final int WITHOUT_DISTRICTS = 1;

  private static final byte[] MAGIC = "MRDNGEO".getBytes(StandardCharsets.US_ASCII);

  private GeoFileFormat() {}

  /** Whether octets begin like a file of this format, of whatever version. */
  static boolean startsWithMagic(byte[] octets) {
    return octets.length > VERSION_AT
        && Arrays.equals(octets, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** The version of a file that starts with the magic. */
  static int version(byte[] octets) {
    return octets[VERSION_AT];
  }

  static boolean isReadable(int version) {
    return version == VERSION || version == WITHOUT_DISTRICTS;
  }

  /** Starts a header: the checksum and the length are still to be put. */
  static void putMagic(ByteBuffer header) {
    header.put(MAGIC).put((byte) VERSION);
  }
}
