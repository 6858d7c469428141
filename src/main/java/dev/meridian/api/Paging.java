package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Which part of a list is wanted: {@code q}, {@code offset} and {@code limit}.
 *
 * @param text what must be in a row, in lower case; empty: anything
 * @param offset rows to leave out, from 0
 * @param limit rows at most, 1 to {@value #MAX_LIMIT}
 */
record Paging(String text, int offset, int limit) {
  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_TEXT = 255;

  /** Throws {@link RefusedException} with a sentence. */
  static Paging of(ApiRequest request) {
    String text = request.parameter("q").orElse("").toLowerCase(Locale.ROOT);
    if (text.length() > MAX_TEXT) {
      throw new RefusedException("q: more than " + MAX_TEXT + " characters");
    }
    return new Paging(
        text,
        number(request, "offset", 0, 0, Integer.MAX_VALUE),
        number(request, "limit", USUAL_LIMIT, 1, MAX_LIMIT));
  }

  static int number(ApiRequest request, String name, int usual, int min, int max) {
    String text = request.parameter(name).orElse("");
    if (text.isEmpty()) {
      return usual;
    }
    if (!text.matches("\\d{1,10}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
      throw new RefusedException(
          name + ": '" + text + "' is not a number from " + min + " to " + max);
    }
    return Integer.parseInt(text);
  }

  boolean matches(String row) {
    return text.isEmpty() || row.toLowerCase(Locale.ROOT).contains(text);
  }

  <T> List<T> page(List<T> rows) {
    int from = Math.min(offset, rows.size());
    return rows.subList(from, (int) Math.min(rows.size(), (long) from + limit));
  }

  void write(JsonGenerator json, int total) throws IOException {
    json.writeNumberField("total", total);
    json.writeNumberField("offset", offset);
    json.writeNumberField("limit", limit);
  }
}
