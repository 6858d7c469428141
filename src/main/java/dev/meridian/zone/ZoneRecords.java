package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The records of a zone that is being made, for those who check them. Owned by one thread. */
public sealed interface ZoneRecords permits ZoneDraft, FinishedZone {
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

  /** The clients that may ask. */
  PrefixSet clients();
}
