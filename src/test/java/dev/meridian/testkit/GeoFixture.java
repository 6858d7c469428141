package dev.meridian.testkit;

import dev.meridian.geo.GeoDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The small world that routing tests ask from.
 *
 * <pre>
 * 203.0.113.0/24     US, Washington   47.6, -122.3    AS 64500
 * 198.51.100.0/24    US, no state     39.0, -95.0     AS 64501
 * 192.0.2.0/24       CA               45.4, -75.7
 * 100.64.1.0/24      FR               48.9, 2.4
 * 100.64.2.0/24      JP               35.7, 139.7
 * 2001:db8:1::/48    DE               50.1, 8.7
 * 2001:db8:2::/48    AU               -33.9, 151.2
 * </pre>
 *
 * <p>Everything else, 100.64.9.0/24 for one, is unknown.
 */
public final class GeoFixture {
  /** What the databases say of their age: 2026-01-01T00:00:00Z. */
  public static final long BUILD_EPOCH = 1_767_225_600;

  private GeoFixture() {}

  /** The world, read back from database files as a server would read it. */
  public static GeoDatabase database() {
    try {
      Path folder = Files.createTempDirectory("geo-fixture");
      try {
        return GeoDatabase.load(List.of(writeCityTo(folder), writeAsnTo(folder)));
      } finally {
        Files.deleteIfExists(folder.resolve("fixture-city.mmdb"));
        Files.deleteIfExists(folder.resolve("fixture-asn.mmdb"));
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A world of one's own.
   *
   * @param lines {@code prefix place latitude,longitude [ASnnn]}; the place is a country, a
   *     subdivision such as {@code US-WA} or {@code FR-IDF-75}, either with a city such as {@code
   *     FR-IDF-75/Paris#2988507}, or {@code -}; coordinates may be {@code -} too
   */
  public static GeoDatabase database(List<String> lines) {
    try {
      Path folder = Files.createTempDirectory("geo-lines");
      List<Path> files = write(lines, folder);
      try {
        return GeoDatabase.load(files);
      } finally {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the files of such a world. */
  public static List<Path> write(List<String> lines, Path folder) throws IOException {
    MmdbWriter city = new MmdbWriter("GeoLite2-City", 6, BUILD_EPOCH);
    MmdbWriter asn = new MmdbWriter("GeoLite2-ASN", 6, BUILD_EPOCH);
    asn.put("192.0.2.255/32", Map.of("autonomous_system_number", 65535));
    for (String line : lines) {
      List<String> words = Arrays.asList(line.strip().split("\\s+", -1));
      city.put(words.getFirst(), record(words.get(1), words.get(2)));
      if (words.size() > 3) {
        int number = Integer.parseInt(words.get(3).substring(2));
        asn.put(words.getFirst(), Map.of("autonomous_system_number", number));
      }
    }
    return List.of(
        city.writeTo(folder.resolve("city.mmdb")), asn.writeTo(folder.resolve("asn.mmdb")));
  }

  private static Map<String, ?> record(String place, String coordinates) {
    Map<String, Object> record = new HashMap<>();
    int slash = place.indexOf('/');
    String area = slash < 0 ? place : place.substring(0, slash);
    List<String> codes = List.of(area.split("-", -1));
    if (!codes.getFirst().isEmpty()) {
      record.put("country", Map.of("iso_code", codes.getFirst()));
      record.put(
          "subdivisions", codes.stream().skip(1).map(code -> Map.of("iso_code", code)).toList());
    }
    if (slash > 0) {
      record.put("city", city(place.substring(slash + 1)));
    }
    int comma = coordinates.indexOf(',');
    if (comma > 0) {
      double latitude = Double.parseDouble(coordinates.substring(0, comma));
      double longitude = Double.parseDouble(coordinates.substring(comma + 1));
      record.put("location", Map.of("latitude", latitude, "longitude", longitude));
    }
    return record;
  }

  /** {@code Springfield#4250542}, an underscore for a space. */
  private static Map<String, ?> city(String text) {
    int hash = text.indexOf('#');
    String name = (hash < 0 ? text : text.substring(0, hash)).replace('_', ' ');
    Map<String, ?> names = Map.of("en", name);
    return hash < 0
        ? Map.of("names", names)
        : Map.of("names", names, "geoname_id", Integer.parseInt(text.substring(hash + 1)));
  }

  /** Writes the places as {@code fixture-city.mmdb} in MaxMind's City schema. */
  public static Path writeCityTo(Path folder) throws IOException {
    return new MmdbWriter("GeoLite2-City", 6, BUILD_EPOCH)
        .put("203.0.113.0/24", city("US", "WA", "Seattle", 47.6, -122.3))
        .put("198.51.100.0/24", city("US", "", "", 39.0, -95.0))
        .put("192.0.2.0/24", city("CA", "", "Ottawa", 45.4, -75.7))
        .put("100.64.1.0/24", city("FR", "", "Paris", 48.9, 2.4))
        .put("100.64.2.0/24", city("JP", "", "Tokyo", 35.7, 139.7))
        .put("2001:db8:1::/48", city("DE", "", "Frankfurt", 50.1, 8.7))
        .put("2001:db8:2::/48", city("AU", "", "Sydney", -33.9, 151.2))
        .writeTo(folder.resolve("fixture-city.mmdb"));
  }

  /** Writes the networks as {@code fixture-asn.mmdb} in MaxMind's ASN schema. */
  public static Path writeAsnTo(Path folder) throws IOException {
    return new MmdbWriter("GeoLite2-ASN", 6, BUILD_EPOCH)
        .put("203.0.113.0/24", Map.of("autonomous_system_number", 64500))
        .put("198.51.100.0/24", Map.of("autonomous_system_number", 64501))
        .writeTo(folder.resolve("fixture-asn.mmdb"));
  }

  /** A record of MaxMind's City schema; empty strings leave the part out. */
  public static Map<String, ?> city(
      String country, String subdivision, String city, double latitude, double longitude) {
    return Map.of(
        "continent", Map.of("code", "XX"),
        "country", Map.of("iso_code", country, "names", Map.of("en", country)),
        "subdivisions",
            subdivision.isEmpty() ? List.of() : List.of(Map.of("iso_code", subdivision)),
        "city", city.isEmpty() ? Map.of() : Map.of("names", Map.of("en", city, "de", city)),
        "location", Map.of("latitude", latitude, "longitude", longitude));
  }
}
