package dev.meridian.master;

import dev.meridian.rr.RRType;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Reporter;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of one zone as they are read and passes on those that can belong to it. What
 * only the whole zone can tell is left to {@link ZoneChecks}.
 */
public final class RecordCollector {
  /** A larger RRset would not fit a message of 65535 octets beside header, question and OPT. */
  private static final int MAX_RRSET_OCTETS = 64_000;

  /** The zone keeps all RDATA in one array and all names in another. */
  private static final long MAX_ZONE_OCTETS = 1L << 30;

  /** Octets of a record beside RDATA, its owner compressed (RFC 1035 §4.1.3, §4.1.4). */
  private static final int RECORD_OVERHEAD = 12;

  /** With so many records at one name hashing them begins to be quicker than looking at them. */
  private static final int FEW = 16;

  private static final int NONE = -1;

  private final ZoneBuilder zone;
  private final Reporter reporter;
  private final LoadLimits limits;

  /** Of names with many records; null until there is one. */
  private @Nullable RRsetIndex crowd;

  private long rdataOctets;
  private boolean full;

  /** The owner of the newest record, and its number. */
  private @Nullable DomainName owner;

  private int node;

  public RecordCollector(ZoneBuilder zone, Reporter reporter, LoadLimits limits) {
    this.zone = zone;
    this.reporter = reporter;
    this.limits = limits;
  }

  /** Whether the zone has all the records it may have; an error has said so. */
  boolean isFull() {
    return full;
  }

  /**
   * Takes one record.
   *
   * @param owner absolute
   * @param ttl seconds, 0 to 2^31-1
   * @param position where the record is, see {@link dev.meridian.source.SourceFiles}
   */
  public void add(DomainName owner, int type, long ttl, byte[] rdata, long position) {
    if (full || !belongs(owner, type, position) || !hasRoom(rdata.length, position)) {
      return;
    }
    int steps = 0;
    int first = NONE;
    int octets = rdata.length + RECORD_OVERHEAD;
    boolean twice = false;
    int record = zone.firstRecord(node);
    for (; record >= 0 && steps < FEW; record = zone.nextRecord(record)) {
      steps++;
      if (zone.recordType(record) == type) {
        first = first == NONE ? record : first;
        octets += zone.rdataLength(record) + RECORD_OVERHEAD;
        twice |= zone.hasRdata(record, rdata);
      }
    }
    if (steps == FEW) {
      addToCrowd(type, ttl, rdata, position);
    } else if (twice) {
      warnOfTwice(type, position);
    } else if (octets > MAX_RRSET_OCTETS) {
      tooLarge(type, position);
    } else {
      long common = first == NONE ? ttl : common(zone.recordTtl(first), type, ttl, position);
      zone.add(node, type, common, rdata, position);
    }
  }

  /** The same for a name with many records, of which one cannot look at each for each. */
  private void addToCrowd(int type, long ttl, byte[] rdata, long position) {
    RRsetIndex crowded = crowd == null ? new RRsetIndex() : crowd;
    crowd = crowded;
    int head = zone.firstRecord(node);
    if (crowded.isNew(crowded.slot(node, zone.recordType(head)))) {
      for (int record = head; record >= 0; record = zone.nextRecord(record)) {
        note(crowded, zone.recordType(record), zone.recordTtl(record), zone.rdata(record));
      }
    }
    int slot = crowded.slot(node, type);
    boolean first = crowded.isNew(slot);
    int before = crowded.grow(slot, 0);
    int known = crowded.ttl(slot);
    if (!note(crowded, type, (int) ttl, rdata) && !first && holds(type, rdata)) {
      crowded.grow(crowded.slot(node, type), -rdata.length - RECORD_OVERHEAD);
      warnOfTwice(type, position);
    } else if (before + rdata.length + RECORD_OVERHEAD > MAX_RRSET_OCTETS) {
      if (before <= MAX_RRSET_OCTETS) { // said once
        tooLarge(type, position);
      }
    } else {
      zone.add(node, type, first ? ttl : common(known, type, ttl, position), rdata, position);
    }
  }

  /** Counts a record in; false if there may be the same one already. */
  private boolean note(RRsetIndex crowded, int type, int ttl, byte[] rdata) {
    int slot = crowded.slot(node, type);
    if (crowded.isNew(slot)) {
      crowded.ttl(slot, ttl);
    }
    crowded.grow(slot, rdata.length + RECORD_OVERHEAD);
    return crowded.addRecord(slot, rdata);
  }

  /** Whether a message has room for an RRset of these. */
  static boolean fits(List<byte[]> rdata) {
    return rdata.stream().mapToInt(octets -> octets.length + RECORD_OVERHEAD).sum()
        <= MAX_RRSET_OCTETS;
  }

  private void warnOfTwice(int type, long position) {
    reporter.warning(position, label(type) + " is here twice; the second is left out");
  }

  private void tooLarge(int type, long position) {
    reporter.error(
        position,
        label(type)
            + " has more than "
            + MAX_RRSET_OCTETS
            + " octets from here on; no DNS message can hold it, take records away");
  }

  private String label(int type) {
    return label(Objects.requireNonNull(owner), type);
  }

  @SuppressWarnings("ReferenceEquality") // the reader has one object for an owner and its followers
  private boolean belongs(DomainName candidate, int type, long position) {
    if (candidate != owner) {
      int number = zone.node(candidate);
      if (number == NONE) {
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
      node = number;
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
  private boolean holds(int type, byte[] rdata) {
    boolean held = false;
    int record = zone.firstRecord(node);
    for (; record >= 0 && !held; record = zone.nextRecord(record)) {
      held = zone.recordType(record) == type && zone.hasRdata(record, rdata);
    }
    return held;
  }

  /** RFC 2181 §5.2: one RRset, one TTL. */
  private long common(int first, int type, long ttl, long position) {
    if (ttl != first) {
      reporter.warning(
          position,
          label(type)
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

  public static String label(DomainName owner, int type) {
    return owner + " " + RRType.toText(type);
  }
}
