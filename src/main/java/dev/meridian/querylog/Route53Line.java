package dev.meridian.querylog;

import dev.meridian.answer.QueryRecord;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Rcode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The line of Amazon Route 53's query log, version 1.0, so that what reads those reads these:
 *
 * <pre>
 * 1.0 2017-12-13T08:16:02.130Z example.com www.example.com A NOERROR UDP fra-1 192.0.2.1 -
 *  |            |                  |            |          |    |     |    |       |    client subnet
 *  |            |                  |            |          |    |     |    |       resolver
 *  |            |                  |            |          |    |     |    the server's name
 *  version      answered           zone         name       type rcode
 * </pre>
 *
 * <p>A zone has no id here; its name stands in that place. Route 53 knows no queries outside of its
 * zones; theirs have a hyphen there.
 */
final class Route53Line implements LineFormat {
  private static final String NONE = "-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final String server;

  Route53Line(Optional<String> server) {
    // a field cannot have a space in it
    this.server = server.map(name -> name.replaceAll("[^!-~]", "_")).orElse(NONE);
  }

  @Override
  public boolean append(StringBuilder out, Entry entry) {
    QueryRecord record = entry.record();
    if (record.name() == null) {
      return false;
    }
    out.append("1.0 ");
    TIME.formatTo(entry.at(), out);
    out.append(' ').append(LineFormat.text(record.zone(), NONE));
    out.append(' ').append(LineFormat.text(record.name(), NONE));
    out.append(' ').append(RRType.toText(record.type()));
    out.append(' ').append(Rcode.toText(record.rcode()));
    out.append(record.tcp() ? " TCP " : " UDP ").append(server);
    out.append(' ').append(address(entry.source()));
    Prefix subnet = entry.subnet();
    out.append(' ').append(subnet == null ? NONE : subnet.toString());
    return true;
  }

  /** The address alone; of a network, its first. */
  static String address(Prefix prefix) {
    String text = prefix.toString();
    return text.substring(0, text.indexOf('/'));
  }
}
