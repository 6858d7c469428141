package dev.meridian.master;

import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes records as a master file that a person can read on: RFC 1035 §5, names relative. */
public final class MasterFileWriter {
  /** In seconds; what a person adds to a file without records should not begin with 0. */
  private static final long TTL_OF_NOTHING = 60;

  /** The records of one name and type. */
  public record Entry(DomainName owner, int type, long ttl, List<byte[]> values) {}

  private MasterFileWriter() {}

  /**
   * The text of a master file. The SOA comes first; otherwise names stay in the order given.
   *
   * @param comment the first line
   */
  public static String text(DomainName apex, List<Entry> entries, String comment) {
    long common = commonTtl(entries);
    StringBuilder out = new StringBuilder("; " + comment + "\n$TTL " + common + "\n");
    List<Entry> sorted =
        entries.stream()
            .sorted(
                Comparator.comparing((Entry entry) -> entry.type() != RRType.SOA)
                    .thenComparing(entry -> !entry.owner().equals(apex)))
            .toList();
    String before = "";
    for (Entry entry : sorted) {
      for (byte[] value : entry.values()) {
        String owner = relative(entry.owner(), apex);
        out.append(
            String.format(
                    Locale.ROOT,
                    "%-23s %-7s %-7s %s",
                    owner.equals(before) ? "" : owner,
                    entry.ttl() == common ? "" : Long.toString(entry.ttl()),
                    RRType.toText(entry.type()),
                    value(entry.type(), value))
                .stripTrailing());
        out.append('\n');
        before = owner;
      }
    }
    return out.toString();
  }

  private static long commonTtl(List<Entry> entries) {
    Map<Long, Long> counts =
        entries.stream().collect(Collectors.groupingBy(Entry::ttl, Collectors.counting()));
    return counts.entrySet().stream()
        .max(
            Map.Entry.<Long, Long>comparingByValue()
                .thenComparing(Map.Entry.<Long, Long>comparingByKey().reversed()))
        .map(Map.Entry::getKey)
        .orElse(TTL_OF_NOTHING);
  }

  /** One value as people write it; IPv6 addresses shortened (RFC 5952). */
  public static String value(int type, byte[] rdata) {
    String text = RdataText.of(type, rdata);
    if (type != RRType.AAAA || rdata.length != 16) {
      return text;
    }
    ByteBuffer octets = ByteBuffer.wrap(rdata);
    return Prefix.ipv6Text(octets.getLong(), octets.getLong());
  }

  /** A name as files of its zone write it: {@code @}, relative, or absolute if it is outside. */
  public static String relative(DomainName name, DomainName apex) {
    if (name.equals(apex)) {
      return "@";
    }
    String text = name.toString();
    int tail = apex.equals(DomainName.ROOT) ? 1 : apex.toString().length() + 1;
    return name.isAtOrBelow(apex) ? text.substring(0, text.length() - tail) : text;
  }
}
