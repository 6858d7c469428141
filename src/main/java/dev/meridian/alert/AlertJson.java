package dev.meridian.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.state.JournalEntry;
import java.util.List;

/** Journal entries as webhooks get them. */
final class AlertJson {
  private AlertJson() {}

  /** {@code {"server": …, "entries": [{"sequence": …, "kind": "health", …}]}}. */
  static byte[] body(String server, List<JournalEntry> entries) {
    StringBuilder json = new StringBuilder("{\"server\":");
    string(json, server).append(",\"entries\":[");
    for (JournalEntry entry : entries) {
      json.append(json.charAt(json.length() - 1) == '}' ? "," : "");
      json.append("{\"sequence\":").append(entry.sequence());
      field(json, "at", entry.at().toString());
      field(json, "kind", entry.kind().word());
      field(json, "subject", entry.subject());
      field(json, "from", entry.from());
      field(json, "to", entry.to());
      field(json, "cause", entry.cause());
      field(json, "reason", entry.reason());
      json.append('}');
    }
    return json.append("]}").toString().getBytes(UTF_8);
  }

  private static void field(StringBuilder json, String name, String value) {
    string(json.append(",\"").append(name).append("\":"), value);
  }

  /** RFC 8259 §7. */
  private static StringBuilder string(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }
}
