package dev.meridian.policyfile;

import dev.meridian.geo.CityNames;
import dev.meridian.policy.Geolocation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys of a geolocation policy: {@code continent:EU}, {@code DE} or {@code country:DE}, {@code
 * US-CA} or {@code subdivision:US-CA}, {@code city:DE/Berlin}, {@code city:US-IL/Springfield},
 * {@code city:2950159} by GeoNames, {@code asn:3320}, {@code default}; upper or lower case for
 * codes. Continents must say so, because AF, AS, NA and SA are countries too.
 */
public final class GeolocationKeys {
  private static final List<String> CONTINENTS = List.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");

  /** ISO 3166-1, and Kosovo under the code that databases and Route 53 use. */
  private static final Set<String> COUNTRIES = countries();

  private static final Pattern KEY =
      Pattern.compile("(?:(continent|country|subdivision):)?([A-Z]{2})(?:-([A-Z0-9]{1,3}))?");

  private static final Pattern CITY =
      Pattern.compile("(?<id>\\d{1,10})|(?<country>\\w{2})(-(?<part>\\w{1,3}))?/(?<name>.+)");

  private static final Pattern NETWORK = Pattern.compile("(?i)(?:AS)?(\\d{1,10})");

  private GeolocationKeys() {}

  private static Set<String> countries() {
    Set<String> codes = new HashSet<>(Arrays.asList(Locale.getISOCountries()));
    codes.add("XK");
    return Set.copyOf(codes);
  }

  /**
   * Reads one key.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static Geolocation.Key parse(String text) {
    if (text.equals("default")) {
      return Geolocation.Key.DEFAULT;
    }
    int colon = text.indexOf(':') + 1;
    switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
      case "city:" -> {
        return city(text.substring(colon));
      }
      case "asn:" -> {
        return network(text.substring(colon));
      }
      default -> {}
    }
    String normal =
        text.substring(0, colon).toLowerCase(Locale.ROOT)
            + text.substring(colon).toUpperCase(Locale.ROOT);
    Matcher key = KEY.matcher(normal);
    if (!key.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no place; write continent:EU, a country such as DE, a subdivision such"
              + " as US-CA, city:DE/Berlin, asn:3320, or default");
    }
    String kind = key.group(1) == null ? "" : key.group(1);
    return key(kind, key.group(2), key.group(3) == null ? "" : key.group(3));
  }

  private static Geolocation.Key key(String kind, String code, String subdivision) {
    if (kind.equals("continent")) {
      if (!CONTINENTS.contains(code) || !subdivision.isEmpty()) {
        throw new IllegalArgumentException(
            "there is no such continent; there are " + String.join(", ", CONTINENTS));
      }
      return Geolocation.Key.continent(code);
    }
    requireCountry(code);
    if (kind.equals("country") && !subdivision.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + code + "-" + subdivision + "' is a subdivision, not a country");
    }
    if (kind.equals("subdivision") && subdivision.isEmpty()) {
      throw new IllegalArgumentException("'" + code + "' is a country, not a subdivision");
    }
    return subdivision.isEmpty()
        ? Geolocation.Key.country(code)
        : Geolocation.Key.subdivision(code, subdivision);
  }

  private static Geolocation.Key city(String text) {
    Matcher city = CITY.matcher(text);
    if (!city.matches()) {
      throw new IllegalArgumentException(
          "'city:"
              + text
              + "' is no city; write city:DE/Berlin, city:US-IL/Springfield with the subdivision"
              + " where a name is there twice, or its number in GeoNames, city:2950159;"
              + " hyphens stand for spaces");
    }
    if (city.group("id") != null) {
      return Geolocation.Key.geoname(number(city.group("id"), "a GeoNames id"));
    }
    String country = city.group("country").toUpperCase(Locale.ROOT);
    requireCountry(country);
    String part = city.group("part") == null ? "" : city.group("part").toUpperCase(Locale.ROOT);
    String name = CityNames.fold(city.group("name"));
    if (name.isEmpty()) {
      throw new IllegalArgumentException("'city:" + text + "' has no name of a city");
    }
    return Geolocation.Key.city(country, part, name);
  }

  private static Geolocation.Key network(String text) {
    Matcher network = NETWORK.matcher(text);
    if (!network.matches()) {
      throw new IllegalArgumentException("'asn:" + text + "' is no AS number; write asn:3320");
    }
    return Geolocation.Key.network(number(network.group(1), "an AS number"));
  }

  /** Databases and {@code GeoDatabase} carry numbers up to this; no AS beyond it is in use. */
  private static int number(String digits, String what) {
    long number = Long.parseLong(digits);
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(what + " is 1 to " + Integer.MAX_VALUE);
    }
    return (int) number;
  }

  private static void requireCountry(String code) {
    if (!COUNTRIES.contains(code)) {
      throw new IllegalArgumentException(unknownCountry(code));
    }
  }

  private static String unknownCountry(String code) {
    String sentence = "'" + code + "' is not a country code of ISO 3166-1";
    if (code.equals("UK")) {
      return sentence + "; the United Kingdom is GB";
    }
    return CONTINENTS.contains(code)
        ? sentence + "; did you mean continent:" + code + "?"
        : sentence;
  }
}
