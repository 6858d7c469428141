package dev.meridian.probe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.meridian.health.BodyMatch;
import dev.meridian.health.Observation.Reason;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Compares fields of a JSON document, which need not end within the window: what is looked for may
 * stand before the cut. A field that is there twice counts as it was first.
 */
final class JsonWindow implements BodyWindow {
  private final Map<String, String> wanted;
  private final JsonOctets seen = new JsonOctets(BodyMatch.Json.OCTETS);
  private String problem = "";

  JsonWindow(Map<String, String> wanted) {
    this.wanted = wanted;
  }

  @Override
  public void add(ByteBuf piece, int octets) {
    seen.add(piece, octets);
  }

  @Override
  public boolean isFound(boolean ended) {
    if (ended || isFull()) {
      problem = problem();
      return problem.isEmpty();
    }
    return false;
  }

  @Override
  public boolean isFull() {
    return seen.isFull();
  }

  @Override
  public Finding missing(String where) {
    return new Finding(Reason.RESPONSE_UNEXPECTED, problem + " in " + seen.length() + where);
  }

  /** What is wrong with the fields; empty if nothing is. */
  private String problem() {
    Map<String, String> found = new HashMap<>();
    String broken = "";
    try (JsonParser parser = seen.parser()) {
      collect(parser, found);
    } catch (IOException e) {
      broken = ", and the body is not complete JSON";
    }
    for (Map.Entry<String, String> field : wanted.entrySet()) {
      String value = found.get(field.getKey());
      if (!field.getValue().equals(value)) {
        return value == null
            ? "there is no field '" + field.getKey() + "'" + broken
            : "field '" + field.getKey() + "' is '" + value + "', not '" + field.getValue() + "'";
      }
    }
    return "";
  }

  private void collect(JsonParser parser, Map<String, String> found) throws IOException {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token.isScalarValue()) {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        if (wanted.containsKey(pointer)) {
          found.putIfAbsent(pointer, parser.getText());
          if (found.size() == wanted.size()) {
            return;
          }
        }
      }
    }
  }
}
