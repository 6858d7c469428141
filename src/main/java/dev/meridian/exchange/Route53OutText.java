package dev.meridian.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;

/** JSON with one object of the listing on a line, so that a change is a line of a diff. */
final class Route53OutText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Route53OutText() {}

  /** {@code {"key": [ … ]}}. */
  static String listing(String key, List<?> items) {
    return items.stream()
        .map(Route53OutText::line)
        .collect(Collectors.joining(",\n    ", "{\n  \"" + key + "\": [\n    ", "\n  ]\n}\n"));
  }

  private static String line(Object item) {
    try {
      return JSON.writeValueAsString(item);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists, texts and numbers can be written", e);
    }
  }
}
