package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.source.Problem;
import dev.meridian.testkit.GeoFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of geolocation policies that a geo database has nobody in. */
class GeolocationReachTest {
  private static final GeoDatabase CITIES =
      GeoFixture.database(
          List.of(
              "10.0.0.0/24 FR-IDF-75/Paris#2988507 48.9,2.4 AS64500",
              "10.0.1.0/24 US-IL/Springfield 39.8,-89.6"));

  private static final String IN_USE = " (in use: GeoLite2-City, GeoLite2-ASN)";

  @TempDir Path folder;

  private List<String> warnings(String keys, GeoDatabase geo) {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .policy(
                "endpoints: { fra: { address: 192.0.2.1 } }\n"
                    + "records: { www: { geolocation: { "
                    + keys
                    + ": fra, default: fra } } }\n");
    LoadedSet set = zone.load();
    assertThat(SetCompiler.compile(set, geo)).isPresent();
    return set.problems().list().stream().map(Problem::toString).toList();
  }

  private List<String> warnings(String keys) {
    return warnings(keys, CITIES).stream()
        .map(text -> text.replace("example.com.policy.yaml:2:34: warning: no client is in ", ""))
        .toList();
  }

  @Test
  void keysThatSomebodyIsInAreFine() {
    assertThat(
            warnings(
                "asn:64500 city:2988507 city:FR/Paris city:US-IL/springfield FR-IDF FR-75 US"
                    + " continent:EU"))
        .isEmpty();
  }

  @Test
  void keysThatNobodyIsInAreNamedWithTheDatabaseInUse() {
    assertThat(warnings("asn:64501 FR-76 DE continent:AS city:FR/Pariss city:US-IN/Springfield"))
        .containsExactly(
            "asn:64501: the geo database has no network of it" + IN_USE,
            "FR-76: the geo database has no network there" + IN_USE,
            "DE: the geo database has no network there" + IN_USE,
            "continent:AS: the geo database has no network there" + IN_USE,
            "city:FR/pariss: the geo database has no network there; did you mean 'paris'?" + IN_USE,
            "city:US-IN/springfield: the geo database has no network there" + IN_USE);
  }

  @Test
  void whatKindOfDatabaseIsMissingIsSaid() {
    assertThat(warnings("asn:64500 city:2988507 US-CA DE", GeoDatabase.embedded()))
        .hasSize(3)
        .satisfiesExactly(
            asn -> assertThat(asn).contains("has no AS numbers; add an ASN database"),
            city -> assertThat(city).contains("has no cities; give a City database"),
            part -> assertThat(part).contains("has no subdivisions; give a City database"));
  }

  @Test
  void databaseWithNamesAloneAsksForNames() {
    GeoDatabase names = GeoFixture.database(List.of("10.0.0.0/24 DE/Berlin 52.5,13.4"));

    assertThat(warnings("city:2950159", names))
        .singleElement()
        .asString()
        .contains("has no GeoNames ids; write the city's name, city:DE/Berlin");
  }

  @Test
  void statesOfRoute53ZonesAreWarnedOfToo() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write(
                "example.com.route53.json",
                """
                { "ResourceRecordSets": [
                  { "Name": "example.com.", "Type": "SOA", "TTL": 900, "ResourceRecords": [
                    { "Value": "ns. h. 1 2 3 4 5" } ] },
                  { "Name": "example.com.", "Type": "NS", "TTL": 900, "ResourceRecords": [
                    { "Value": "ns.other." } ] },
                  { "Name": "g.example.com.", "Type": "A", "SetIdentifier": "ca", "TTL": 60,
                    "GeoLocation": { "CountryCode": "US", "SubdivisionCode": "CA" },
                    "ResourceRecords": [ { "Value": "192.0.2.1" } ] } ] }
                """);
    LoadedSet set = zone.load();
    assertThat(SetCompiler.compile(set, GeoDatabase.embedded())).isPresent();

    assertThat(set.problems().list())
        .singleElement()
        .asString()
        .contains("no client is in US-CA: the geo database has no subdivisions");
  }
}
