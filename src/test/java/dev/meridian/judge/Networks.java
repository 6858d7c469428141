package dev.meridian.judge;

import dev.meridian.judge.Place.Point;
import dev.meridian.net.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A geo database: places by network. */
final class Networks {
  private static final int IPV4_MOST = 24;
  private static final int IPV6_MOST = 48;

  private final Map<Prefix, Place> places = new LinkedHashMap<>();

  /**
   * Reads {@code prefix place latitude,longitude} lines; the place is {@code FR} or {@code US-WA},
   * coordinates may be {@code -}.
   */
  Networks(List<String> lines) {
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      String[] codes = words[1].split("-", 2);
      places.put(
          Prefix.parse(words[0]),
          new Place(codes[0], codes.length > 1 ? codes[1] : "", point(words[2])));
    }
  }

  private static @Nullable Point point(String text) {
    String[] numbers = text.split(",", -1);
    return numbers.length < 2
        ? null
        : new Point(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
  }

  List<Prefix> prefixes() {
    return List.copyOf(places.keySet());
  }

  /** What is decided on: no more of a client than 24 or 48 bits. */
  static Prefix masked(Prefix client) {
    int most = client.ipv4() ? IPV4_MOST : IPV6_MOST;
    return client.length() <= most
        ? client
        : new Prefix(client.ipv4(), client.high(), client.low(), most);
  }

  /** By the longest network around the first address. */
  Place of(Prefix client) {
    Prefix masked = masked(client);
    Prefix first = new Prefix(masked.ipv4(), masked.high(), masked.low(), masked.ipv4() ? 32 : 128);
    Place place = Place.UNKNOWN;
    int longest = -1;
    for (Map.Entry<Prefix, Place> each : places.entrySet()) {
      if (each.getKey().length() > longest && each.getKey().contains(first)) {
        longest = each.getKey().length();
        place = each.getValue();
      }
    }
    return place;
  }
}
