package dev.meridian.analysis;

import dev.meridian.analysis.Comparison.NameChange;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.LookupResult;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which names the records of a set lead to, and what would be missed of an RRset that is gone. */
final class References {
  private static final Set<Integer> ADDRESSES = Set.of(RRType.A, RRType.AAAA);

  private static final int FEW = 8;

  private final Zones zones;
  private int asked;

  /** By name that something leads to: one RRset that does. Made when it is first asked for. */
  private @Nullable Map<DomainName, String> pointers;

  References(Zones zones) {
    this.zones = zones;
  }

  /** Why an RRset that is gone would be missed; empty if it would not. */
  String whyMissed(NameChange gone) {
    LookupName name = new LookupName();
    name.set(gone.name().toWire(), 0);
    int number = zones.find(name, 0);
    if (number == Lookup.NONE) {
      return ""; // the whole zone is gone, which is said elsewhere
    }
    Zone zone = zones.get(number);
    if (has(zone, name, gone.type()) || has(zone, name, RRType.CNAME)) {
      return ""; // a zone of its own has it now, or it has become an alias
    }
    if (gone.wasRouted()) {
      return "policies answered for it";
    }
    if (zone.apex().equals(gone.name())) {
      return gone.type() == RRType.TXT ? "" : "it is the zone's own";
    }
    if (gone.name().isWildcard()) {
      return "it stands for any number of names";
    }
    if (gone.type() == RRType.NS) {
      return "it delegates all that is below";
    }
    String pointer = isAnswered(zone, name, gone.type()) ? null : pointerTo(gone.name());
    boolean led = ADDRESSES.contains(gone.type()) || gone.type() == RRType.CNAME;
    return pointer == null || !led || hasAddress(zone, name) ? "" : pointer + " leads to it";
  }

  private static boolean has(Zone zone, LookupName name, int type) {
    int node = zone.node(name);
    return node >= 0 && zone.rrset(node, type) != Lookup.NONE;
  }

  /** A name that still has addresses of either family, or leads to some, is still good for most. */
  private static boolean hasAddress(Zone zone, LookupName name) {
    return isAnswered(zone, name, RRType.A) || isAnswered(zone, name, RRType.AAAA);
  }

  private static boolean isAnswered(Zone zone, LookupName name, int type) {
    LookupResult result = zone.lookup(name, type, new Lookup());
    return result == LookupResult.ANSWER || result == LookupResult.CNAME;
  }

  /** Looking for one name is quicker than noting all, for a while. */
  private @Nullable String pointerTo(DomainName wanted) {
    if (asked++ >= FEW) {
      return pointers().get(wanted);
    }
    AtomicReference<@Nullable String> found = new AtomicReference<>();
    for (int i = 0; i < zones.size() && found.get() == null; i++) {
      collect(
          zones.get(i),
          (target, pointer) -> {
            if (target.equals(wanted)) {
              found.compareAndSet(null, pointer.get());
            }
          });
    }
    return found.get();
  }

  /** Is told of a name that is led to, and by what. */
  private interface Sink {
    void put(DomainName target, Supplier<String> pointer);
  }

  private Map<DomainName, String> pointers() {
    Map<DomainName, String> known = pointers;
    if (known == null) {
      Map<DomainName, String> all = new HashMap<>();
      known = all;
      for (int i = 0; i < zones.size(); i++) {
        collect(zones.get(i), (target, pointer) -> all.computeIfAbsent(target, _ -> pointer.get()));
      }
      pointers = known;
    }
    return known;
  }

  private static void collect(Zone zone, Sink pointers) {
    for (int node = zone.firstNode(); node >= 0; node = zone.nextNode(node)) {
      for (int rrset = zone.firstRRset(node); rrset < zone.endRRset(node); rrset++) {
        int before = octetsBeforeName(zone.type(rrset));
        if (before >= 0) {
          collect(zone, node, rrset, before, pointers);
        }
      }
    }
  }

  private static void collect(Zone zone, int node, int rrset, int before, Sink pointers) {
    boolean routed = zone.isRouted(rrset);
    byte[] records = routed ? zone.routed(zone.routedIndex(rrset)).records() : zone.records(rrset);
    int at = routed ? 0 : zone.recordsAt(rrset);
    int end = routed ? records.length : zone.recordsEnd(rrset);
    while (at < end) {
      int type = Octets.getShort(records, at + EncodedRRset.TYPE_OFFSET);
      DomainName target = DomainName.ofWire(records, at + EncodedRRset.RDATA_OFFSET + before);
      pointers.put(target, () -> RRType.toText(type) + " of " + zone.name(node));
      at = EncodedRRset.next(records, at);
    }
  }

  /** Where the name begins in RDATA; -1 for types that lead nowhere. */
  private static int octetsBeforeName(int type) {
    return switch (type) {
      case RRType.CNAME, RRType.NS, RRType.PTR, RRType.DNAME -> 0;
      case RRType.MX, RRType.SVCB, RRType.HTTPS -> 2;
      case RRType.SRV -> 6;
      default -> -1;
    };
  }
}
