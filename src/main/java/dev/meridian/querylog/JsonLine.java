package dev.meridian.querylog;

import dev.meridian.answer.QueryChoice;
import dev.meridian.answer.QueryRecord;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Rcode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
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
 * through     the same, with its name, of each policy before it on a chain of CNAMEs
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
    QueryChoice chosen = record.choice();
    if (chosen == null) {
      return;
    }
    links(out, record);
    choice(out.append(','), record, chosen);
  }

  private void links(StringBuilder out, QueryRecord record) {
    List<QueryRecord.Link> links = record.links();
    for (int i = 0; i < links.size(); i++) {
      string(
          out.append(i == 0 ? ",\"through\":[{\"name\":" : ",{\"name\":"),
          LineFormat.text(links.get(i).name(), ""));
      choice(out.append(','), record, links.get(i).choice());
      out.append(i == links.size() - 1 ? "}]" : "}");
    }
  }

  private void choice(StringBuilder out, QueryRecord record, QueryChoice chosen) {
    out.append("\"endpoints\":[");
    String separator = "";
    for (int leaf : chosen.leaves()) {
      string(out.append(separator), chosen.rrset().leafId(leaf));
      separator = ",";
    }
    out.append(']');
    text(out, "reason", reasons.of(record, chosen));
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
