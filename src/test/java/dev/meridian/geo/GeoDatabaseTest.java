package dev.meridian.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.net.Prefix;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.MmdbWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link GeoDatabase} read from every schema it knows, alone and together. */
class GeoDatabaseTest {
  @TempDir Path folder;

  @Test
  void fixtureIsTheWorldItPromises() {
    GeoDatabase database = GeoFixture.database();

    GeoAnswer seattle = database.lookup(Prefix.parse("203.0.113.77"));
    assertThat(seattle.location())
        .isEqualTo(new Location("NA", "US", "WA", "", "Seattle", 0, new Coordinates(47.6, -122.3)));
    assertThat(seattle.prefix()).hasToString("203.0.113.0/24");
    assertThat(seattle.asNumber()).isEqualTo(64500);
    assertThat(place(database, "198.51.100.1")).isEqualTo("NA US  39.0,-95.0");
    assertThat(place(database, "192.0.2.1")).isEqualTo("NA CA  45.4,-75.7");
    assertThat(place(database, "100.64.1.0/24")).isEqualTo("EU FR  48.9,2.4");
    assertThat(place(database, "100.64.2.0/24")).isEqualTo("AS JP  35.7,139.7");
    assertThat(place(database, "2001:db8:1::1")).isEqualTo("EU DE  50.1,8.7");
    assertThat(place(database, "2001:db8:2::/48")).isEqualTo("OC AU  -33.9,151.2");
    assertThat(database.lookup(Prefix.parse("100.64.9.0/24")).location())
        .isEqualTo(Location.UNKNOWN);
    assertThat(database.builtAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(database.description()).isEqualTo("GeoLite2-City, GeoLite2-ASN");
    assertThat(database.source()).isEqualTo("fixture-city.mmdb, fixture-asn.mmdb");
  }

  @Test
  void countryDatabaseGetsContinentAndPointFromOurTables() throws IOException {
    GeoDatabase database =
        load(
            database("GeoIP2-Country", 6)
                .put(
                    "192.0.2.0/24",
                    Map.of("continent", Map.of("code", "AS"), "country", Map.of("iso_code", "TR")))
                .put("198.51.100.0/24", Map.of("continent", Map.of("code", "AF")))
                .put("203.0.113.0/24", Map.of("registered_country", Map.of("iso_code", "FR"))));

    assertThat(place(database, "192.0.2.1")).isEqualTo("EU TR  41.0,29.0");
    assertThat(place(database, "198.51.100.1")).isEqualTo("AF   null");
    assertThat(place(database, "203.0.113.1")).isEqualTo("   null");
  }

  @Test
  void flatCountryAndCityDatabasesAreRead() throws IOException {
    GeoDatabase country =
        load(database("country ipvAll", 6).put("2001:db8::/32", Map.of("country_code", "de")));
    assertThat(place(country, "2001:db8::1")).isEqualTo("EU DE  52.5,13.4");

    GeoDatabase city =
        load(
            database("city ipv4", 4)
                .put(
                    "192.0.2.0/24",
                    Map.of(
                        "country_code", "US",
                        "state1", "New York",
                        "city", "Buffalo",
                        "latitude", 42.886f,
                        "longitude", -78.878f))
                .put("198.51.100.0/24", Map.of("country_code", "DE", "state1", "Washington")));
    assertThat(place(city, "192.0.2.1")).isEqualTo("NA US NY 42.9,-78.9");
    assertThat(place(city, "198.51.100.1")).isEqualTo("EU DE  52.5,13.4");
    assertThat(place(city, "2001:db8::1")).isEqualTo("   null");
  }

  @Test
  void ipinfoDatabaseIsReadWithItsAsNumbers() throws IOException {
    GeoDatabase database =
        load(
            database("ipinfo standard_location.mmdb", 6)
                .put(
                    "192.0.2.0/24",
                    Map.of(
                        "country", "US",
                        "region", "Texas",
                        "city", "Austin",
                        "lat", "30.26715",
                        "lng", "-97.74306",
                        "asn", "AS64500"))
                .put(
                    "198.51.100.0/24",
                    Map.of("country", "Japan", "country_code", "JP", "asn", "AS4294967295")));

    assertThat(place(database, "192.0.2.1")).isEqualTo("NA US TX 30.3,-97.7");
    assertThat(database.lookup(Prefix.parse("192.0.2.1")).asNumber()).isEqualTo(64500);
    assertThat(place(database, "198.51.100.1")).isEqualTo("AS JP  35.7,139.7");
    assertThat(database.lookup(Prefix.parse("198.51.100.1")).asNumber()).isZero();
  }

  @Test
  void enterpriseTraitsGiveTheAsNumber() throws IOException {
    GeoDatabase database =
        load(
            database("GeoIP2-Enterprise", 6)
                .put(
                    "192.0.2.0/24",
                    Map.of(
                        "country", Map.of("iso_code", "FR"),
                        "traits", Map.of("autonomous_system_number", 64511))));

    assertThat(database.lookup(Prefix.parse("192.0.2.1")).asNumber()).isEqualTo(64511);
  }

  @Test
  void folderTakesCitiesBeforeCountriesAndSaysWhatItLeftOut() throws IOException {
    database("GeoLite2-Country", 6)
        .put("192.0.2.0/24", Map.of("country", Map.of("iso_code", "FR")))
        .writeTo(folder.resolve("a-country.mmdb"));
    GeoFixture.writeCityTo(folder);
    GeoFixture.writeAsnTo(folder);
    Files.writeString(folder.resolve("README.md"), "not a database");

    GeoDatabase database = GeoDatabase.load(folder);

    assertThat(place(database, "192.0.2.1")).isEqualTo("NA CA  45.4,-75.7");
    assertThat(database.lookup(Prefix.parse("203.0.113.1")).asNumber()).isEqualTo(64500);
    assertThat(database.description())
        .isEqualTo("GeoLite2-City, GeoLite2-ASN; not used: a-country.mmdb (GeoLite2-Country)");
  }

  @Test
  void familiesInSeparateFilesBecomeOneDatabase() throws IOException {
    database("city ipv4", 4)
        .put("192.0.2.0/24", Map.of("country_code", "US", "state1", "Ohio"))
        .put("198.51.100.0/24", Map.of("country_code", "FR"))
        .writeTo(folder.resolve("city-ipv4.mmdb"));
    database("city ipv6", 6)
        .put("2001:db8::/32", Map.of("country_code", "US", "state1", "Iowa"))
        .writeTo(folder.resolve("city-ipv6.mmdb"));

    GeoDatabase database = GeoDatabase.load(folder);

    assertThat(place(database, "192.0.2.1")).startsWith("NA US OH");
    assertThat(place(database, "198.51.100.1")).startsWith("EU FR");
    assertThat(place(database, "2001:db8::1")).startsWith("NA US IA");
    assertThat(database.locationCount()).isEqualTo(4);
  }

  @Test
  void neighboursInOneCityMergeAndCitiesAreKeptApart() throws IOException {
    GeoDatabase database =
        load(
            database("GeoLite2-City", 6)
                .put("192.0.2.0/25", GeoFixture.city("FR", "", "Paris", 48.86, 2.35))
                .put("192.0.2.128/25", GeoFixture.city("FR", "", "Paris", 48.88, 2.37))
                .put("192.0.3.0/24", GeoFixture.city("FR", "", "Ivry", 48.88, 2.37)));

    assertThat(database.locationCount()).isEqualTo(3);
    assertThat(database.lookup(Prefix.parse("192.0.2.1")).prefix()).hasToString("192.0.2.0/24");
  }

  @Test
  void subdivisionsInsideOfSubdivisionsAndCitiesAreReadAndKept() throws IOException {
    GeoDatabase database =
        load(
            database("GeoLite2-City", 6)
                .put(
                    "192.0.2.0/24",
                    Map.of(
                        "country", Map.of("iso_code", "FR"),
                        "subdivisions",
                            List.of(Map.of("iso_code", "IDF"), Map.of("iso_code", "75")),
                        "city", Map.of("geoname_id", 2988507L, "names", Map.of("en", "Paris")))));
    Location paris = database.lookup(Prefix.parse("192.0.2.1")).location();

    assertThat(paris.subdivision()).isEqualTo("IDF");
    assertThat(paris.district()).isEqualTo("75");
    assertThat(paris.city()).isEqualTo("Paris");
    assertThat(paris.geonameId()).isEqualTo(2988507);

    Path compiled = folder.resolve("city.geo");
    database.writeTo(compiled);
    assertThat(GeoDatabase.load(compiled).lookup(Prefix.parse("192.0.2.1")).location())
        .isEqualTo(paris);
  }

  @Test
  void ipv6NetworksInsideA64TakeThePlaceOfItsFirstAddress() throws IOException {
    GeoDatabase database =
        load(
            database("GeoLite2-Country", 6)
                .put("2001:db8::/96", Map.of("country", Map.of("iso_code", "FR")))
                .put("2001:db8::8000:0:0:0/96", Map.of("country", Map.of("iso_code", "DE")))
                .put("2001:db8:0:1::1/128", Map.of("country", Map.of("iso_code", "IT"))));

    assertThat(place(database, "2001:db8::8000:0:0:1")).startsWith("EU FR");
    assertThat(place(database, "2001:db8:0:1::1")).isEqualTo("   null");
  }

  @Test
  void recordAroundTheIpv4TreeCountsForIpv4() throws IOException {
    GeoDatabase database = load(database("one", 6).put("::/3", Map.of("country_code", "FR")));

    assertThat(place(database, "192.0.2.1")).startsWith("EU FR");
    assertThat(place(database, "2001:db8::1")).isEqualTo("   null");
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 28, 32})
  void everyRecordSizeIsReadAndAliasesOfIpv4Skipped(int bits) throws IOException {
    GeoDatabase database =
        load(
            database("GeoLite2-City", 6)
                .recordSize(bits)
                .put("192.0.2.0/24", GeoFixture.city("FR", "", "Paris", 48.9, 2.4))
                .put("2001:db8::/32", GeoFixture.city("DE", "", "Berlin", 52.5, 13.4))
                .aliasIpv4("2002::/16")
                .aliasIpv4("2001::/32"));

    assertThat(place(database, "192.0.2.1")).isEqualTo("EU FR  48.9,2.4");
    assertThat(place(database, "2001:db8::1")).isEqualTo("EU DE  52.5,13.4");
    assertThat(place(database, "2002:c000:200::1")).isEqualTo("   null");
    assertThat(database.places().runs()).isEqualTo(3 + 3);
  }

  @Test
  void valuesOfStrangeTypesAreUnknownNotErrors() throws IOException {
    GeoDatabase database =
        load(
            database("GeoLite2-City", 6)
                .put(
                    "192.0.2.0/24",
                    Map.of(
                        "country", Map.of("iso_code", 7),
                        "subdivisions", "none",
                        "city", List.of(),
                        "location", Map.of("latitude", 91.0, "longitude", "east")))
                .put("198.51.100.0/24", Map.of("country_code", "ZZ", "asn", "sixty"))
                .put("203.0.113.0/24", Map.of("country_code", "FR")));

    assertThat(place(database, "192.0.2.1")).isEqualTo("   null");
    assertThat(place(database, "198.51.100.1")).isEqualTo("   null");
    assertThat(place(database, "203.0.113.1")).startsWith("EU FR");
  }

  @Test
  void uselessDatabaseIsRefusedByItsType() throws IOException {
    Path file =
        database("GeoIP2-Connection-Type", 6)
            .put("192.0.2.0/24", Map.of("connection_type", "Cable/DSL"))
            .writeTo(folder.resolve("connection.mmdb"));

    assertThatThrownBy(() -> GeoDatabase.load(file))
        .isInstanceOf(GeoException.class)
        .hasMessage(
            file
                + ":1:1: a database of type 'GeoIP2-Connection-Type' has neither places nor AS numbers;"
                + " give a Country, City or ASN database");
  }

  @Test
  void missingEmptyAndForeignFilesAreRefusedWithAdvice() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.mmdb"));
    Path text = Files.writeString(folder.resolve("text.mmdb"), "<html>404</html>");
    Path none = Files.createDirectory(folder.resolve("none"));

    refused(folder.resolve("nowhere.mmdb"), "there is no such file");
    refused(empty, "the file is empty; fetch it again");
    refused(text, "not a database in MaxMind format");
    refused(none, "no .mmdb or .geo file in this folder");
  }

  @Test
  void builtInDatabaseKnowsTheWorldAndSaysThatItIsASample() {
    GeoDatabase database = GeoDatabase.embedded();

    assertThat(database.description()).startsWith("default sample data").contains("nro.net");
    assertThat(database.builtAt()).isAfter(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(database.locationCount()).isGreaterThan(200);
    assertThat(place(database, "193.0.6.139")).startsWith("EU NL");
    assertThat(place(database, "2001:67c:2e8::1")).startsWith("EU NL");
    assertThat(database.hasCities()).isFalse();
    assertThat(database.hasNetworks(true)).isFalse();
  }

  private static void refused(Path file, String why) {
    assertThatThrownBy(() -> GeoDatabase.load(file))
        .isInstanceOf(GeoException.class)
        .hasMessageStartingWith(file + ":1:1: ")
        .hasMessageContaining(why);
  }

  private static MmdbWriter database(String type, int ipVersion) {
    return new MmdbWriter(type, ipVersion, GeoFixture.BUILD_EPOCH);
  }

  private GeoDatabase load(MmdbWriter writer) throws IOException {
    return GeoDatabase.load(writer.writeTo(folder.resolve("one.mmdb")));
  }

  private static String place(GeoDatabase database, String client) {
    Location place = database.lookup(Prefix.parse(client)).location();
    Coordinates at = place.coordinates();
    return String.join(
        " ",
        place.continent(),
        place.country(),
        place.subdivision(),
        at == null ? "null" : at.latitude() + "," + at.longitude());
  }
}
