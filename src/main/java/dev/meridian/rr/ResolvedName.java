package dev.meridian.rr;

import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a name that is not served here resolved to when it was last asked for with success. Each
 * family is known apart.
 *
 * @param ipv4 A records with the TTL that they came with; without records: the name has none; null:
 *     never answered
 * @param ipv6 the same of AAAA
 */
public record ResolvedName(DomainName name, @Nullable RRset ipv4, @Nullable RRset ipv6) {
  /** A name of which nothing is known yet. */
  public static ResolvedName unknown(DomainName name) {
    return new ResolvedName(name, null, null);
  }

  /** The records of a type; null if it was never answered. Types without addresses have none. */
  public @Nullable RRset records(int type) {
    return switch (type) {
      case RRType.A -> ipv4;
      case RRType.AAAA -> ipv6;
      default -> new RRset(type, 0, List.of());
    };
  }

  /** This with other records for the family of {@code records}. */
  public ResolvedName with(RRset records) {
    return records.type() == RRType.A
        ? new ResolvedName(name, records, ipv6)
        : new ResolvedName(name, ipv4, records);
  }

  /** Whether at least one address is known. */
  public boolean hasAddress() {
    return (ipv4 != null && ipv4.size() > 0) || (ipv6 != null && ipv6.size() > 0);
  }

  /** Whether both families have been answered at least once. */
  public boolean isComplete() {
    return ipv4 != null && ipv6 != null;
  }

  /** All addresses, IPv4 first; nobody has looked yet whether they may be used. */
  public List<InetAddress> addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    add(addresses, ipv4);
    add(addresses, ipv6);
    return addresses;
  }

  private static void add(List<InetAddress> addresses, @Nullable RRset records) {
    for (int i = 0; records != null && i < records.size(); i++) {
      try {
        addresses.add(InetAddress.getByAddress(records.rdata(i)));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an address has 4 or 16 octets", e);
      }
    }
  }
}
