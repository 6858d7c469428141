package dev.meridian.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of regions, countries and states that come with the program. */
class TablesTest {
  @Test
  void regionTableHasEveryRegionOfRoute53() {
    assertThat(Regions.names()).hasSize(39).contains("us-east-1", "eusc-de-east-1", "cn-north-1");
    assertThat(Regions.coordinates("eu-central-1")).contains(new Coordinates(50.1, 8.7));
    assertThat(Regions.coordinates("eu-central-9")).isEmpty();
  }

  @Test
  void everyCountryOfTheTableHasAPointAndAlmostEveryOneAContinent() {
    Set<String> known = countries().filter(Countries::isKnown).collect(Collectors.toSet());
    Set<String> unrouted =
        known.stream()
            .filter(country -> Countries.continent(country).isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(known).hasSize(248).allMatch(each -> Countries.coordinates(each).isPresent());
    assertThat(unrouted).containsExactly("CX", "EH");
  }

  @Test
  void isoCountriesAreKnownButForTwoUninhabitedOnes() {
    Set<String> missing = new TreeSet<>(Set.of(Locale.getISOCountries()));
    missing.removeIf(Countries::isKnown);

    assertThat(missing).containsExactly("BV", "HM");
  }

  @ParameterizedTest
  @CsvSource({
    "TR,EU", "CY,EU", "RU,EU", "GE,AS", "KZ,AS", "EG,AF", "TF,AN", "GS,AN", "UM,OC", "XK,EU",
    "AF,AS", "AS,OC", "NA,AF", "SA,AS", "ZZ,''", "de,''"
  })
  void continentIsRoute53s(String country, String continent) {
    assertThat(Countries.continent(country)).isEqualTo(continent);
  }

  @ParameterizedTest
  @CsvSource({
    "Washington,WA",
    "new york,NY",
    "WYOMING,WY",
    "'Washington, D.C.',DC",
    "Bavaria,''",
    "Alabama,AL",
    "District of Columbia,DC"
  })
  void statesAreFoundByName(String name, String code) {
    assertThat(UsStates.code(name)).isEqualTo(code);
  }

  @Test
  void distanceIsThatOfTheGreatCircle() {
    Coordinates nullIsland = new Coordinates(0, 0);

    assertThat(nullIsland.distanceKm(new Coordinates(0, 15))).isCloseTo(1667.9, within(0.1));
    assertThat(new Coordinates(0, 179).distanceKm(new Coordinates(0, -179)))
        .isCloseTo(222.4, within(0.1));
    assertThat(new Coordinates(90, 0).distanceKm(new Coordinates(-90, 77)))
        .isCloseTo(20015.1, within(0.1));
  }

  private static Stream<String> countries() {
    return Stream.iterate('A', letter -> (char) (letter + 1))
        .limit(26)
        .flatMap(
            first ->
                Stream.iterate('A', letter -> (char) (letter + 1))
                    .limit(26)
                    .map(second -> "" + first + second));
  }
}
