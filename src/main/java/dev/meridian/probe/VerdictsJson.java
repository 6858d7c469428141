package dev.meridian.probe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The JSON form of a file of verdicts:
 *
 * <pre>
 * { "KEY": "up", "OTHER": { "status": "down", "reason": "too slow", … } }
 * </pre>
 *
 * What else an object has is passed over: it is there for others. A key that is there twice makes
 * the whole file wrong.
 */
final class VerdictsJson {
  private static final int MAX_DEPTH = 8;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private VerdictsJson() {}

  /** Whether octets begin as JSON does, and no line of the other form. */
  static boolean isIn(String text) {
    return text.stripLeading().startsWith("{");
  }

  /**
   * The verdict of each key, as a line of the other form has it.
   *
   * @throws IOException with the place of what is wrong
   */
  static Map<String, String> read(String text) throws IOException {
    Map<String, String> verdicts = new HashMap<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        verdicts.put(key, verdict(json));
      }
      if (json.nextToken() != null) {
        throw new IOException("something follows the closing brace");
      }
    }
    return verdicts;
  }

  private static String verdict(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "no text";
    }
    String status = "no status";
    String reason = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
      if (isText && field.equals("status")) {
        status = json.getText();
      } else if (isText && field.equals("reason")) {
        reason = " " + json.getText();
      }
      json.skipChildren();
    }
    return status + reason;
  }
}
