package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a zone that is being made, for those who check them and add what policies answer:
 * from nothing ({@link ZoneBuilder}) or from the zone of before ({@link ZonePatch}). Owned by one
 * thread.
 */
public sealed interface ZoneRecords permits ZoneBuilder, ZonePatch {
  /** The name of the zone. */
  DomainName apex();

  /** Whether the name owns records. */
  boolean contains(DomainName owner);

  /** The types that a name owns, each once, in the order they were added. */
  List<Integer> typesAt(DomainName owner);

  /** The records of a name and type, with the TTL of the first; null if there are none. */
  @Nullable RRset find(DomainName owner, int wanted);

  /** The position of the first record of a name and type; -1 if there is none. */
  long positionOf(DomainName owner, int wanted);

  /** What a visitor of {@link #forEachOwner} gets. */
  interface OwnerVisitor {
    /**
     * One name that owns records.
     *
     * @param types each once, in the order they were added
     */
    void visit(DomainName owner, List<Integer> types);
  }

  /** Shows every name that owns a record of a type that is wanted. */
  void forEachOwner(IntPredicate wanted, OwnerVisitor visitor);

  /** Shows every name that owns records. */
  default void forEachOwner(OwnerVisitor visitor) {
    forEachOwner(_ -> true, visitor);
  }

  /** Has policies answer for a name and type; there must be no record of that type. */
  void addRouted(DomainName owner, RoutedRRset rrset);

  /** Notes an endpoint that the zone's policies are written with. */
  void addEndpoint(PlacedEndpoint endpoint);

  /** Confines the zone to clients with these addresses; null: everybody may ask. */
  void confineTo(@Nullable PrefixSet clients);

  /** The clients that may ask. */
  PrefixSet clients();
}
