package dev.meridian.load;

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
 * US-CA} or {@code subdivision:US-CA}, {@code default}; upper or lower case for codes. Continents
 * must say so, because AF, AS, NA and SA are countries too.
 */
final class GeolocationKeys {
  private static final List<String> CONTINENTS = List.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");

  /** ISO 3166-1, and Kosovo under the code that databases and Route 53 use. */
  private static final Set<String> COUNTRIES = countries();

  private static final Pattern KEY =
      Pattern.compile("(?:(continent|country|subdivision):)?([A-Z]{2})(?:-([A-Z0-9]{1,3}))?");

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
  static Geolocation.Key parse(String text) {
    if (text.equals("default")) {
      return Geolocation.Key.DEFAULT;
    }
    int colon = text.indexOf(':') + 1;
    String normal =
        text.substring(0, colon).toLowerCase(Locale.ROOT)
            + text.substring(colon).toUpperCase(Locale.ROOT);
    Matcher key = KEY.matcher(normal);
    if (!key.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no place; write continent:EU, a country such as DE, a subdivision such"
              + " as US-CA, or default");
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
      return new Geolocation.Key(code, "", "");
    }
    if (!COUNTRIES.contains(code)) {
      throw new IllegalArgumentException(unknownCountry(code));
    }
    if (kind.equals("country") && !subdivision.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + code + "-" + subdivision + "' is a subdivision, not a country");
    }
    if (kind.equals("subdivision") && subdivision.isEmpty()) {
      throw new IllegalArgumentException("'" + code + "' is a country, not a subdivision");
    }
    return new Geolocation.Key("", code, subdivision);
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
