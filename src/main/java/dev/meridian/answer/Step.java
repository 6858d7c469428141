package dev.meridian.answer;

import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.LookupResult;
import dev.meridian.zone.Zone;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the look-up of one name ends: a link of the chain that a question leads to, for everything
 * that reasons about answers instead of giving them.
 *
 * @param zone null if the name is in no zone served here; the rest then means nothing
 * @param number of the zone
 * @param node see {@link Lookup#node}
 * @param rrset see {@link Lookup#rrset}
 */
record Step(
    DomainName name,
    int type,
    @Nullable Zone zone,
    int number,
    LookupResult result,
    int node,
    int rrset,
    boolean synthesized) {
  /** More links than this are not followed, see {@link ChainFollower}. */
  static final int MAX_LINKS = 16;

  /** Looks a name up as a query would. */
  static Step of(ServerState state, DomainName name, int type) {
    LookupName lookupName = new LookupName();
    lookupName.set(name.toWire(), 0);
    int number = QueryProcessor.findZone(state.zones(), lookupName, type);
    if (number == Lookup.NONE) {
      return new Step(name, type, null, number, LookupResult.NXDOMAIN, 0, Lookup.NONE, false);
    }
    Zone zone = state.zones().get(number);
    Lookup lookup = new Lookup();
    LookupResult result = zone.lookup(lookupName, type, lookup);
    return new Step(
        name, type, zone, number, result, lookup.node(), lookup.rrset(), lookup.synthesized());
  }

  /** The zone of a name that is in one. */
  Zone inZone() {
    if (zone == null) {
      throw new IllegalStateException(name + " is in no zone");
    }
    return zone;
  }

  /** The name of the node that answers. */
  DomainName owner() {
    return inZone().name(node);
  }

  /** Whether policies answer. */
  boolean isRouted() {
    boolean found = result == LookupResult.ANSWER || result == LookupResult.CNAME;
    return zone != null && found && zone.isRouted(rrset);
  }

  /** The records of the zone file that were found. */
  byte[] octets() {
    Zone in = inZone();
    return Arrays.copyOfRange(in.records(rrset), in.recordsAt(rrset), in.recordsEnd(rrset));
  }

  /** The names that a query may go on with. */
  List<DomainName> next() {
    if (zone == null) {
      return List.of();
    }
    return switch (result) {
      case CNAME ->
          isRouted() ? targets(zone.routed(zone.routedIndex(rrset))) : List.of(target(octets()));
      case DNAME -> {
        DomainName into = followsDname() ? substituted() : null;
        yield into == null ? List.of() : List.of(into);
      }
      default -> List.of();
    };
  }

  private static List<DomainName> targets(RoutedRRset rrset) {
    return IntStream.range(0, rrset.leafCount())
        .mapToObj(
            leaf ->
                DomainName.ofWire(
                    rrset.records(), rrset.recordsAt(leaf) + EncodedRRset.RDATA_OFFSET))
        .toList();
  }

  /** The name that a CNAME among such octets leads to. */
  static DomainName target(byte[] record) {
    return DomainName.ofWire(record, EncodedRRset.RDATA_OFFSET);
  }

  /** What the DNAME that was found makes of the name; null if that is too long (RFC 6672 §2.2). */
  @Nullable DomainName substituted() {
    DomainName into = target(octets());
    int kept = name.length() - owner().length();
    if (kept + into.length() > LookupName.MAX_LENGTH) {
      return null;
    }
    byte[] joined = Arrays.copyOf(name.toWire(), kept + into.length());
    into.copyTo(joined, kept);
    return DomainName.ofWire(joined, 0);
  }

  /** Whether a query for this type goes on behind a DNAME. */
  boolean followsDname() {
    return type != RRType.CNAME;
  }
}
