package dev.meridian.geo;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Metadata;
import com.maxmind.db.Reader;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.text.Reasons;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Compiles a file in MaxMind's format, whoever made it. The file is read into memory once, walked,
 * and let go; it is never mapped, so replacing or truncating it cannot hurt a running server.
 *
 * <p>IPv6 networks longer than /64 are smaller than one LAN: their /64 has the place of its first
 * address.
 */
final class MmdbFile {
  private static final Prefix ALL_IPV4 = Prefix.parse("0.0.0.0/0");

  private final Reader reader;
  private final Map<Long, Facts> facts = new HashMap<>();
  private final LocationTable locations = new LocationTable();
  private final PrefixPartition.InOrder places = PrefixPartition.inOrder();
  private final PrefixPartition.InOrder networks = PrefixPartition.inOrder();

  private MmdbFile(Reader reader) {
    this.reader = reader;
  }

  /**
   * Reads a file.
   *
   * @throws GeoException if it is damaged in any way, or holds neither places nor AS numbers
   */
  static GeoDatabase read(Path file) {
    byte[] octets = octets(file);
    try (Reader reader = new Reader(new ByteArrayInputStream(octets), new CHMCache())) {
      return new MmdbFile(reader).compile(file, octets);
    } catch (GeoException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new GeoException(
          file.toString(),
          "not a database in MaxMind format, or a damaged one ("
              + Reasons.of(e)
              + "); fetch the file again",
          e);
    }
  }

  private static byte[] octets(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new GeoException(file.toString(), "cannot be read: " + Reasons.of(e), e);
    }
  }

  private GeoDatabase compile(Path file, byte[] octets) throws IOException {
    Metadata metadata = reader.getMetadata();
    new MmdbTree(octets, metadata).walk(this::take);
    if (facts.values().stream().allMatch(Facts::isEmpty)) {
      throw new GeoException(
          file.toString(),
          "a database of type '"
              + metadata.databaseType()
              + "' has neither places nor AS numbers; give a Country, City or ASN database");
    }
    return new GeoDatabase(
        places.build(),
        locations.locations(),
        networks.build(),
        new GeoDatabase.Origin(
            String.valueOf(file.getFileName()), metadata.databaseType(), metadata.buildTime()));
  }

  private void take(Prefix network, long record) throws IOException {
    Facts known = facts.get(record);
    if (known == null) {
      known = decodeAt(network);
      facts.put(record, known);
    }
    if (network.ipv4()) {
      put(network, known);
    } else if (network.low() == 0) {
      if (network.high() == 0) {
        put(ALL_IPV4, known); // a network around ::/96, where IPv4 has its tree
      }
      put(new Prefix(false, network.high(), 0, Math.min(64, network.length())), known);
    }
  }

  private Facts decodeAt(Prefix network) throws IOException {
    try {
      return decode(network);
    } catch (IOException | RuntimeException e) {
      throw new IOException("what it has of " + network + " makes no sense: " + Reasons.of(e), e);
    }
  }

  private Facts decode(Prefix network) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(network.ipv4() ? 4 : 16);
    if (network.ipv4()) {
      octets.putInt((int) network.low());
    } else {
      octets.putLong(network.high()).putLong(network.low());
    }
    Map<?, ?> data = reader.get(InetAddress.getByAddress(octets.array()), Map.class);
    MmdbRecord record = new MmdbRecord(data == null ? Map.of() : data);
    return new Facts(record.locationNumber(locations), record.asNumber());
  }

  private void put(Prefix prefix, Facts known) {
    places.put(prefix, known.place);
    networks.put(prefix, known.asNumber);
  }

  /** What one record says. */
  private record Facts(int place, int asNumber) {
    boolean isEmpty() {
      return place == 0 && asNumber == 0;
    }
  }
}
