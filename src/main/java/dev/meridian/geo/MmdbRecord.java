package dev.meridian.geo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts we route by out of one record, in any of the three shapes in use:
 *
 * <ul>
 *   <li>MaxMind's nested one (GeoIP2, GeoLite2, DB-IP): {@code country.iso_code}, {@code
 *       subdivisions[0].iso_code}, {@code city.geoname_id}, {@code location.latitude}…
 *   <li>ip-location-db's flat one: {@code country_code}, {@code state1}, {@code latitude}…
 *   <li>IPinfo's flat one: {@code country}, {@code region}, {@code lat} as text, {@code asn} as
 *       {@code AS64500}.
 * </ul>
 *
 * <p>Fields that are missing or of another type than expected are unknown, never an error.
 */
final class MmdbRecord {
  private static final Set<String> CONTINENTS = Set.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9]{1,3}");

  private final Map<?, ?> data;

  MmdbRecord(Map<?, ?> data) {
    this.data = data;
  }

  /** The number of the record's place; 0 if it has none. */
  int locationNumber(LocationTable locations) {
    String country = country();
    Coordinates coordinates = coordinates();
    if (coordinates == null) {
      coordinates = Countries.coordinates(country).orElse(null);
    }
    return locations.number(
        new Location(
            continent(country),
            country,
            subdivision(country),
            district(),
            city(),
            geonameId(),
            coordinates));
  }

  /** The AS number, 0 if unknown or beyond 2147483647. */
  int asNumber() {
    Object flat = first(data, "autonomous_system_number", "asn");
    Object number = flat == null ? map("traits").get("autonomous_system_number") : flat;
    if (number instanceof Number known) {
      return inRange(known.longValue());
    }
    if (number instanceof String text && text.matches("(?i)(AS)?\\d{1,10}")) {
      return inRange(Long.parseLong(text.replaceFirst("(?i)AS", "")));
    }
    return 0;
  }

  private static int inRange(long number) {
    return number > 0 && number <= Integer.MAX_VALUE ? (int) number : 0;
  }

  private String country() {
    String code = code(map("country").get("iso_code"));
    if (code.isEmpty()) {
      code = code(data.get("country_code"));
    }
    if (code.isEmpty()) {
      code = code(data.get("country"));
    }
    return Countries.isKnown(code) ? code : "";
  }

  /** Route 53's continent; the database's own only where it knows no country. */
  private String continent(String country) {
    if (!country.isEmpty()) {
      return Countries.continent(country);
    }
    String code = code(map("continent").get("code"));
    if (code.isEmpty()) {
      code = code(first(data, "continent_code", "continent"));
    }
    return CONTINENTS.contains(code) ? code : "";
  }

  private String subdivision(String country) {
    Map<?, ?> outermost = subdivision(0);
    String code = code(outermost.get("iso_code"));
    if (!code.isEmpty() || !country.equals("US")) {
      return code;
    }
    Object name = outermost.isEmpty() ? first(data, "state1", "region") : name(outermost);
    return name instanceof String text ? UsStates.code(text) : "";
  }

  private String district() {
    return code(subdivision(1).get("iso_code"));
  }

  /** MaxMind's list has the largest first. */
  private Map<?, ?> subdivision(int depth) {
    return data.get("subdivisions") instanceof List<?> list
            && list.size() > depth
            && list.get(depth) instanceof Map<?, ?> subdivision
        ? subdivision
        : Map.of();
  }

  private String city() {
    Object city = data.get("city") instanceof Map<?, ?> nested ? name(nested) : data.get("city");
    return city instanceof String name ? name : "";
  }

  private static @Nullable Object name(Map<?, ?> named) {
    return named.get("names") instanceof Map<?, ?> names ? names.get("en") : null;
  }

  private int geonameId() {
    return map("city").get("geoname_id") instanceof Number id ? inRange(id.longValue()) : 0;
  }

  private @Nullable Coordinates coordinates() {
    Map<?, ?> nested = map("location");
    Map<?, ?> holder = nested.isEmpty() ? data : nested;
    double latitude = degrees(first(holder, "latitude", "lat"));
    double longitude = degrees(first(holder, "longitude", "lng"));
    boolean onEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    return onEarth ? new Coordinates(latitude, longitude) : null;
  }

  /** NaN unless the value is a number, or text that is one. */
  private static double degrees(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof String text && text.matches("-?\\d{1,3}(\\.\\d{1,18})?")
        ? Double.parseDouble(text)
        : Double.NaN;
  }

  /** A code of one to three letters or digits in upper case; empty for anything else. */
  private static String code(@Nullable Object value) {
    return value instanceof String text && CODE.matcher(text).matches()
        ? text.toUpperCase(Locale.ROOT)
        : "";
  }

  private Map<?, ?> map(String key) {
    return data.get(key) instanceof Map<?, ?> nested ? nested : Map.of();
  }

  private static @Nullable Object first(Map<?, ?> map, String key, String otherwise) {
    Object value = map.get(key);
    return value == null ? map.get(otherwise) : value;
  }
}
