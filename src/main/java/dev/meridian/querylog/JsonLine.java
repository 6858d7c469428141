package dev.meridian.querylog;

import dev.meridian.answer.QueryRecord;
import dev.meridian.net.Prefix;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Rcode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * All that is known of a query, as a JSON object. Fields that do not apply are left out:
 *
 * <pre>
 * at          when it was answered, UTC
 * server      which server did (server-id)
 * client      the address, or network, that it came from
 * subnet      the client subnet; scope is what the response says of it, in bits
 * name, type  what was asked; zone is where it was found
 * rcode       what the response says
 * endpoints   what the policy chose; reason says how it came to that
 * protocol    udp or tcp
 * truncated   true if the TC bit is set
 * cookie      given, or valid: the client is where it says
 * micros      from reading the datagram's batch to the answer
 * </pre>
 */
final class JsonLine implements LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final String server;
  private final Reasons reasons;

  JsonLine(Optional<String> server, Reasons reasons) {
    this.server = server.orElse("");
    this.reasons = reasons;
  }

  @Override
  public boolean append(StringBuilder out, Entry entry) {
    QueryRecord record = entry.record();
    if (record.name() == null) {
      return false;
    }
    out.append("{\"at\":\"");
    TIME.formatTo(entry.at(), out);
    out.append('"');
    text(out, "server", server);
    text(out, "client", client(entry.source()));
    Prefix subnet = entry.subnet();
    if (subnet != null) {
      text(out, "subnet", subnet.toString());
      out.append(",\"scope\":").append(record.scopeLength());
    }
    text(out, "name", LineFormat.text(record.name(), ""));
    text(out, "type", RRType.toText(record.type()));
    text(out, "zone", LineFormat.text(record.zone(), ""));
    text(out, "rcode", Rcode.toText(record.rcode()));
    choice(out, record);
    text(out, "protocol", record.tcp() ? "tcp" : "udp");
    if (record.truncated()) {
      out.append(",\"truncated\":true");
    }
    if (record.cookie() != QueryRecord.Cookie.NONE) {
      text(out, "cookie", record.cookie().name().toLowerCase(Locale.ROOT));
    }
    if (record.micros() >= 0) {
      out.append(",\"micros\":").append(record.micros());
    }
    out.append('}');
    return true;
  }

  /** An address alone, a network with its length. */
  private static String client(Prefix source) {
    boolean whole = source.length() == (source.ipv4() ? 32 : 128);
    return whole ? Route53Line.address(source) : source.toString();
  }

  private void choice(StringBuilder out, QueryRecord record) {
    RoutedRRset routed = record.routed();
    if (routed == null) {
      return;
    }
    out.append(",\"endpoints\":[");
    String separator = "";
    for (int leaf : record.leaves()) {
      string(out.append(separator), routed.leafId(leaf));
      separator = ",";
    }
    out.append(']');
    text(out, "reason", reasons.of(record));
  }

  private static void text(StringBuilder out, String field, String value) {
    if (!value.isEmpty()) {
      string(out.append(",\"").append(field).append("\":"), value);
    }
  }

  /** RFC 8259 §7. */
  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F || Character.isSurrogate(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
