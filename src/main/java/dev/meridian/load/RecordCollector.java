package dev.meridian.load;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of one zone as they are read and passes on those that can belong to it. What
 * only the whole zone can tell is left to {@link ZoneChecks}.
 */
final class RecordCollector {
  /** A larger RRset would not fit a message of 65535 octets beside header, question and OPT. */
  private static final int MAX_RRSET_OCTETS = 64_000;

  /** The zone keeps all RDATA in one array and all names in another. */
  private static final long MAX_ZONE_OCTETS = 1L << 30;

  /** Octets of a record beside RDATA, its owner compressed (RFC 1035 §4.1.3, §4.1.4). */
  private static final int RECORD_OVERHEAD = 12;

  private final ZoneBuilder zone;
  private final Reporter reporter;
  private final LoadLimits limits;
  private final RRsetIndex index = new RRsetIndex();
  private long rdataOctets;
  private boolean full;
  private @Nullable DomainName owner;
  private byte[] ownerWire = {};

  RecordCollector(ZoneBuilder zone, Reporter reporter, LoadLimits limits) {
    this.zone = zone;
    this.reporter = reporter;
    this.limits = limits;
  }

  /** Whether the zone has all the records it may have; an error has said so. */
  boolean isFull() {
    return full;
  }

  /**
   * @param owner absolute
   * @param ttl seconds, 0 to 2^31-1
   * @param position where the record is, see {@link SourceFiles}
   */
  void add(DomainName owner, int type, long ttl, byte[] rdata, long position) {
    if (full || !belongs(owner, type, position) || !hasRoom(rdata.length, position)) {
      return;
    }
    int slot = index.slot(ownerWire, type);
    boolean first = index.isNew(slot);
    if (!index.addRecord(slot, rdata) && !first && holds(owner, type, rdata)) {
      reporter.warning(position, label(owner, type) + " is here twice; the second is left out");
      return;
    }
    int before = index.grow(slot, 0);
    if (index.grow(slot, rdata.length + RECORD_OVERHEAD) > MAX_RRSET_OCTETS) {
      if (before <= MAX_RRSET_OCTETS) {
        reporter.error(
            position,
            label(owner, type)
                + " has more than "
                + MAX_RRSET_OCTETS
                + " octets from here on; no DNS message can hold it, take records away");
      }
      return;
    }
    zone.add(
        ownerWire,
        type,
        first ? begin(slot, ttl) : follow(slot, owner, type, ttl, position),
        rdata,
        position);
  }

  private boolean belongs(DomainName candidate, int type, long position) {
    if (owner == null || !candidate.equals(owner)) {
      if (!candidate.isAtOrBelow(zone.apex())) {
        reporter.error(
            position,
            candidate
                + " is outside of the zone "
                + zone.apex()
                + "; is a final dot missing or"
                + " too much?");
        return false;
      }
      owner = candidate;
      ownerWire = candidate.toWire();
    }
    return type != RRType.SOA || isOnlySoa(candidate, position);
  }

  private boolean isOnlySoa(DomainName candidate, long position) {
    if (!candidate.equals(zone.apex())) {
      reporter.error(
          position,
          "SOA at "
              + candidate
              + ": it belongs to the apex, "
              + zone.apex()
              + ", and nowhere else");
      return false;
    }
    long other = zone.positionOf(candidate, RRType.SOA);
    if (other >= 0) {
      reporter.error(position, "a second SOA; the first is at " + reporter.files().describe(other));
      return false;
    }
    return true;
  }

  /** Whether the zone has this very record; a hash alone does not prove it. */
  private boolean holds(DomainName owner, int type, byte[] rdata) {
    RRset present = zone.find(owner, type);
    for (int i = 0; present != null && i < present.size(); i++) {
      if (Arrays.equals(present.rdata(i), rdata)) {
        return true;
      }
    }
    return false;
  }

  private long begin(int slot, long ttl) {
    index.ttl(slot, (int) ttl);
    return ttl;
  }

  /** RFC 2181 §5.2: one RRset, one TTL. */
  private long follow(int slot, DomainName owner, int type, long ttl, long position) {
    int first = index.ttl(slot);
    if (ttl != first) {
      reporter.warning(
          position,
          label(owner, type)
              + " has TTL "
              + first
              + " in an earlier record and "
              + ttl
              + " here; the whole RRset is served with "
              + first
              + " (RFC 2181 §5.2)");
    }
    return first;
  }

  private boolean hasRoom(int octets, long position) {
    rdataOctets += octets;
    if (zone.recordCount() >= limits.recordsPerZone()) {
      return overfull(position, zone.recordCount() + " records; raise the limit or");
    }
    if (rdataOctets + zone.nameOctets() > MAX_ZONE_OCTETS) {
      return overfull(position, MAX_ZONE_OCTETS + " octets of names and RDATA;");
    }
    return true;
  }

  private boolean overfull(long position, String limit) {
    full = true;
    reporter.error(position, "the zone has more than " + limit + " split the zone");
    return false;
  }

  static String label(DomainName owner, int type) {
    return owner + " " + RRType.toText(type);
  }
}
