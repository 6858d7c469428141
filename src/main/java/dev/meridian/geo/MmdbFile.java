package dev.meridian.geo;

import com.maxmind.db.CHMCache;
import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Metadata;
import com.maxmind.db.Network;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Compiles a file in MaxMind's format, whoever made it. The file is read into memory, walked once,
 * and let go; it is never mapped, so replacing or truncating it cannot hurt a running server.
 *
 * <p>IPv6 networks longer than /64 are smaller than one LAN: their /64 has the place of its first
 * address.
 */
final class MmdbFile {
  private static final int CACHED_SUBRECORDS = 1 << 14;
  private static final Prefix ALL_IPV4 = Prefix.parse("0.0.0.0/0");

  private final LocationTable locations = new LocationTable();
  private final PrefixPartition.InOrder places = PrefixPartition.inOrder();
  private final PrefixPartition.InOrder networks = PrefixPartition.inOrder();
  private boolean useful;

  private MmdbFile() {}

  /**
   * Reads a file.
   *
   * @throws GeoException if it is damaged in any way, or holds neither places nor AS numbers
   */
  static GeoDatabase read(Path file) {
    try (Reader reader =
        new Reader(file.toFile(), Reader.FileMode.MEMORY, new CHMCache(CACHED_SUBRECORDS))) {
      return new MmdbFile().compile(file, reader);
    } catch (GeoException e) {
      throw e;
    } catch (IOException | InvalidNetworkException | RuntimeException | StackOverflowError e) {
      throw new GeoException(
          file
              + ": not a database in MaxMind format, or a damaged one ("
              + e.getMessage()
              + "); fetch the file again",
          e);
    }
  }

  private GeoDatabase compile(Path file, Reader reader)
      throws IOException, InvalidNetworkException {
    Metadata metadata = reader.getMetadata();
    walk(reader.networks(Map.class), metadata.nodeCount());
    if (!useful) {
      throw new GeoException(
          file
              + ": a database of type '"
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

  @SuppressWarnings("rawtypes") // a class literal cannot say Map<?, ?>
  private void walk(Networks<Map> walk, long nodes) throws IOException {
    long left = nodes + 1; // a binary tree has one leaf more than inner nodes
    while (walk.hasNext()) {
      DatabaseRecord<Map> entry = walk.next();
      if (left-- == 0) {
        throw new IOException("its search tree has a cycle");
      }
      take(entry.network(), new MmdbRecord(entry.data()));
    }
  }

  private void take(Network network, MmdbRecord record) {
    byte[] octets = network.networkAddress().getAddress();
    Prefix address = Prefix.of(octets, octets.length * 8);
    int place = record.locationNumber(locations);
    int asNumber = record.asNumber();
    useful |= place != 0 || asNumber != 0;
    int length = network.prefixLength();
    if (address.ipv4() && length >= 0) {
      put(new Prefix(true, 0, address.low(), length), place, asNumber);
    } else if (address.ipv4()) {
      // A network around ::/96, where IPv4 has its tree: the reader counts its length from there.
      put(ALL_IPV4, place, asNumber);
      put(new Prefix(false, 0, 0, Math.min(64, 96 + length)), place, asNumber);
    } else if (address.low() == 0) {
      put(new Prefix(false, address.high(), 0, Math.min(64, length)), place, asNumber);
    }
  }

  private void put(Prefix prefix, int place, int asNumber) {
    places.put(prefix, place);
    networks.put(prefix, asNumber);
  }
}
