package dev.meridian.geo;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Where addresses are, compiled from database files so that the query path never sees one: the
 * address space is cut into prefixes that carry a location number or an AS number.
 *
 * <p>Immutable; shared by all threads.
 */
public final class GeoDatabase {
  private static final String BUILT_IN = "built-in default.geo";

  /** A database that knows no place and no network. */
  public static final GeoDatabase EMPTY =
      new GeoDatabase(
          PrefixPartition.uniform(0),
          List.of(Location.UNKNOWN),
          PrefixPartition.uniform(0),
          new Origin("none", "no geo database", Instant.EPOCH));

  private final PrefixPartition places;
  private final List<Location> locations;
  private final PrefixPartition networks;
  private final Origin origin;

  GeoDatabase(
      PrefixPartition places, List<Location> locations, PrefixPartition networks, Origin origin) {
    this.places = places;
    this.locations = List.copyOf(locations);
    this.networks = networks;
    this.origin = origin;
  }

  /**
   * Reads one file, or every {@code .mmdb} and {@code .geo} file of a folder.
   *
   * @throws GeoException if a file cannot be used, or there is none
   */
  public static GeoDatabase load(Path fileOrFolder) {
    return load(List.of(fileOrFolder));
  }

  /**
   * Reads files and folders into one database with at most one source of places and one of AS
   * numbers: where several have places, one with cities goes before one without, then the first
   * given.
   *
   * @param filesAndFolders at least one
   * @throws GeoException if a file cannot be used, or a folder has none
   */
  public static GeoDatabase load(List<Path> filesAndFolders) {
    return GeoFiles.load(filesAndFolders);
  }

  /**
   * The small country database that is built into the program, so that it can start without any
   * other. It is sample data: see {@link #description}, and give a current database of your own.
   */
  public static GeoDatabase embedded() {
    try (InputStream in = GeoDatabase.class.getResourceAsStream("default.geo")) {
      if (in == null) {
        throw new GeoException(BUILT_IN, "it is missing from this build; install it again");
      }
      return GeoFileReader.read(in.readAllBytes(), BUILT_IN);
    } catch (IOException e) {
      throw new GeoException(BUILT_IN, "it cannot be read: " + Reasons.of(e), e);
    }
  }

  /**
   * Writes the compact form that {@link #load} reads back to an equal database: a {@code .geo}
   * file. It appears under its name only when it is complete.
   *
   * @throws IOException if the file cannot be written
   */
  public void writeTo(Path file) throws IOException {
    GeoFileWriter.write(this, file);
  }

  /** The same database under another description, for {@link #writeTo}. */
  public GeoDatabase describedAs(String description) {
    return new GeoDatabase(
        places, locations, networks, new Origin(origin.source, description, origin.builtAt));
  }

  /** Every address with the number of its location; 0 where the place is unknown. */
  public PrefixPartition places() {
    return places;
  }

  /** A location by its number, from 0 ({@link Location#UNKNOWN}) below {@link #locationCount}. */
  public Location location(int number) {
    return locations.get(number);
  }

  /** How many location numbers there are, the unknown one included. */
  public int locationCount() {
    return locations.size();
  }

  /** Every address with the number of its autonomous system; 0 where unknown. */
  public PrefixPartition networks() {
    return networks;
  }

  /** What a client's prefix is known to be in; of an address, its whole length. */
  public GeoAnswer lookup(Prefix client) {
    ClientAddress address = new ClientAddress();
    address.set(client);
    long place = places.find(address);
    long network = networks.find(address);
    int length = Math.max(PrefixPartition.length(place), PrefixPartition.length(network));
    return new GeoAnswer(
        locations.get(PrefixPartition.value(place)),
        new Prefix(address.isIpv4(), address.high(), address.low(), length),
        PrefixPartition.value(network));
  }

  /** One line for people: what the sources call themselves, and which of them was left out. */
  public String description() {
    return origin.description();
  }

  /** When the oldest of the sources was built by its publisher. */
  public Instant builtAt() {
    return origin.builtAt();
  }

  /** The file names, for logs and metrics. */
  public String source() {
    return origin.source();
  }

  List<Location> locations() {
    return locations;
  }

  Origin origin() {
    return origin;
  }

  /** Whether it places more finely than by country. */
  boolean hasCities() {
    return locations.stream()
        .anyMatch(each -> !each.city().isEmpty() || !each.subdivision().isEmpty());
  }

  boolean hasPlaces(boolean ipv4) {
    return hasValues(places, ipv4);
  }

  boolean hasNetworks(boolean ipv4) {
    return hasValues(networks, ipv4);
  }

  private static boolean hasValues(PrefixPartition partition, boolean family) {
    boolean[] found = new boolean[1];
    partition.forEachRun(
        (ipv4, high, low, length, value) -> found[0] |= ipv4 == family && value != 0);
    return found[0];
  }

  /** Where a database came from. */
  record Origin(String source, String description, Instant builtAt) {}
}
