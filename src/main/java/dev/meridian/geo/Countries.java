package dev.meridian.geo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The continent of a country, as Route 53 groups them, and a point that stands for the country
 * where a database has no coordinates.
 */
public final class Countries {
  private static final Map<String, Country> TABLE = read();

  private Countries() {}

  /**
   * The continent of a country by Route 53's table: AF AN AS EU NA OC SA, or the empty string for
   * codes that Route 53 does not route (BV, CX, EH, HM) or does not know.
   */
  public static String continent(String country) {
    Country row = TABLE.get(country);
    return row == null ? "" : row.continent;
  }

  /** A point in the country near to where its people live; empty for an unknown code. */
  public static Optional<Coordinates> coordinates(String country) {
    return Optional.ofNullable(TABLE.get(country)).map(Country::coordinates);
  }

  /** Whether the code stands for a country: upper case ISO 3166-1 alpha-2, and XK. */
  public static boolean isKnown(String country) {
    return TABLE.containsKey(country);
  }

  private static Map<String, Country> read() {
    Map<String, Country> table = new HashMap<>();
    try (InputStream in = Countries.class.getResourceAsStream("countries.csv");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(in, "countries.csv"), StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("country,"))
          .map(line -> line.split(",", -1))
          .forEach(cells -> table.put(cells[0], Country.of(cells)));
    } catch (IOException e) {
      throw new UncheckedIOException("countries.csv in the program's own jar", e);
    }
    return Map.copyOf(table);
  }

  private record Country(String continent, Coordinates coordinates) {
    static Country of(String[] cells) {
      return new Country(
          cells[1], new Coordinates(Double.parseDouble(cells[2]), Double.parseDouble(cells[3])));
    }
  }
}
