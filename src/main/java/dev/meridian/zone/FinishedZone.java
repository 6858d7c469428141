package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a zone that is built already, for nothing can be added to it: it has no policies.
 * Looked at only where an alias of another zone leads into it.
 */
public final class FinishedZone implements ZoneRecords {
  private final Zone zone;

  /** What is to be known of a zone. */
  public FinishedZone(Zone zone) {
    this.zone = zone;
  }

  /** The zone as it was built. */
  public Zone zone() {
    return zone;
  }

  private ZonePatch records() {
    return new ZonePatch(zone);
  }

  @Override
  public DomainName apex() {
    return zone.apex();
  }

  @Override
  public boolean contains(DomainName owner) {
    return records().contains(owner);
  }

  @Override
  public List<Integer> typesAt(DomainName owner) {
    return records().typesAt(owner);
  }

  @Override
  public @Nullable RRset find(DomainName owner, int wanted) {
    return records().find(owner, wanted);
  }

  /** Not known any more: 0, or -1 if there is no such record. */
  @Override
  public long positionOf(DomainName owner, int wanted) {
    return records().positionOf(owner, wanted);
  }

  @Override
  public void forEachOwner(IntPredicate wanted, OwnerVisitor visitor) {
    records().forEachOwner(wanted, visitor);
  }

  @Override
  public PrefixSet clients() {
    return zone.clients();
  }
}
