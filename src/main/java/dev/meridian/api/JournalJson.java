package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.state.JournalEntry;
import java.io.IOException;
import java.util.List;

/** What has happened, as JSON. */
final class JournalJson {
  private JournalJson() {}

  static JsonBody entry(JournalEntry entry) {
    return json -> write(json, entry);
  }

  /**
   * The newest first.
   *
   * @param oldestFirst as the journal has them
   * @param before only entries with smaller numbers
   */
  static JsonBody list(List<JournalEntry> oldestFirst, Paging paging, long before) {
    List<JournalEntry> rows =
        oldestFirst.reversed().stream()
            .filter(entry -> entry.sequence() < before)
            .filter(
                entry ->
                    paging.matches(
                        entry.subject()
                            + " "
                            + entry.kind().word()
                            + " "
                            + entry.cause()
                            + " "
                            + entry.reason()))
            .toList();
    return json -> {
      json.writeStartObject();
      paging.write(json, rows.size());
      json.writeArrayFieldStart("entries");
      for (JournalEntry entry : paging.page(rows)) {
        write(json, entry);
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private static void write(JsonGenerator json, JournalEntry entry) throws IOException {
    json.writeStartObject();
    json.writeNumberField("sequence", entry.sequence());
    json.writeStringField("at", entry.at().toString());
    json.writeStringField("kind", entry.kind().word());
    json.writeStringField("subject", entry.subject());
    json.writeStringField("from", entry.from());
    json.writeStringField("to", entry.to());
    json.writeStringField("cause", entry.cause());
    json.writeStringField("reason", entry.reason());
    json.writeEndObject();
  }
}
