package dev.meridian.load;

import dev.meridian.master.RecordCollector;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.source.Reporter;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneRecords;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What only the whole zone can tell: that the apex has what it needs (RFC 1035 §5.2), that CNAME
 * and DNAME stand where they may (RFC 2181 §10.1, RFC 6672 §2.4), that names which other records
 * point to lead somewhere, and that nothing is hidden below a delegation.
 */
final class ZoneChecks {
  private static final Set<Integer> BESIDE_CNAME = Set.of(RRType.CNAME, RRType.RRSIG, RRType.NSEC);
  private static final Set<Integer> GLUE = Set.of(RRType.A, RRType.AAAA);

  private final ZoneRecords zone;
  private final Reporter reporter;
  private final Predicate<DomainName> routed;
  private final Set<DomainName> cuts = new HashSet<>();

  /**
   * @param routed whether the policy file answers for a name
   */
  ZoneChecks(ZoneRecords zone, Reporter reporter, Predicate<DomainName> routed) {
    this.zone = zone;
    this.reporter = reporter;
    this.routed = routed;
  }

  /**
   * Runs all of them.
   *
   * @param top where to report what is missing altogether
   */
  void run(long top) {
    apex(top);
    zone.forEachOwner(ZoneChecks::isChecked, this::owner);
    if (!cuts.isEmpty()) {
      zone.forEachOwner((owner, types) -> hidden(owner, types, cuts::contains));
    }
  }

  /** Runs those that can come out otherwise when nothing but the records of some names changes. */
  void runAt(Collection<DomainName> owners, long top) {
    apex(top);
    for (DomainName owner : owners) {
      List<Integer> types = zone.typesAt(owner);
      if (!types.isEmpty()) {
        owner(owner, types);
        hidden(owner, types, this::hides);
      }
    }
  }

  private boolean hides(DomainName above) {
    List<Integer> types = zone.typesAt(above);
    return types.contains(RRType.DNAME)
        || (types.contains(RRType.NS) && !above.equals(zone.apex()));
  }

  private void apex(long top) {
    List<Integer> types = zone.typesAt(zone.apex());
    if (!types.contains(RRType.SOA)) {
      reporter.error(top, "no SOA record for " + zone.apex() + "; every zone begins with one");
    }
    if (!types.contains(RRType.NS)) {
      reporter.error(top, "no NS record for " + zone.apex() + "; name the servers of the zone");
    }
  }

  private static boolean isChecked(int type) {
    return type == RRType.CNAME || type == RRType.DNAME || type == RRType.NS || type == RRType.MX;
  }

  private void owner(DomainName owner, List<Integer> types) {
    if (types.contains(RRType.CNAME)) {
      alone(owner, RRType.CNAME);
      besideCname(owner, types);
    }
    if (types.contains(RRType.DNAME)) {
      alone(owner, RRType.DNAME);
      cuts.add(owner);
    }
    if (types.contains(RRType.NS)) {
      targets(owner, RRType.NS, 0);
      if (!owner.equals(zone.apex())) {
        cuts.add(owner);
      }
    }
    if (types.contains(RRType.MX)) {
      targets(owner, RRType.MX, 2);
    }
  }

  private void alone(DomainName owner, int type) {
    RRset records = zone.find(owner, type);
    if (records != null && records.size() > 1) {
      reporter.error(
          zone.positionOf(owner, type),
          owner
              + " has "
              + records.size()
              + " "
              + RRType.toText(type)
              + " records; one is allowed");
    }
  }

  private void besideCname(DomainName owner, List<Integer> types) {
    for (int type : types) {
      if (!BESIDE_CNAME.contains(type)) {
        long other = zone.positionOf(owner, type);
        reporter.error(
            zone.positionOf(owner, RRType.CNAME),
            owner
                + " has a CNAME and "
                + RRType.toText(type)
                + " ("
                + reporter.describe(other)
                + "); a CNAME stands alone (RFC 2181 §10.1)");
      }
    }
  }

  /**
   * @param nameAt where the name begins in RDATA
   */
  private void targets(DomainName owner, int type, int nameAt) {
    RRset records = zone.find(owner, type);
    for (int i = 0; records != null && i < records.size(); i++) {
      DomainName target = DomainName.ofWire(records.rdata(i), nameAt);
      if (target.isAtOrBelow(zone.apex())) {
        target(owner, type, target);
      }
    }
  }

  private void target(DomainName owner, int type, DomainName target) {
    List<Integer> types = zone.typesAt(target);
    if (types.contains(RRType.CNAME)) {
      warnOfTarget(owner, type, target, "which is a CNAME; name the host itself (RFC 2181 §10.3)");
    } else if (type == RRType.NS && !hasAddress(target, types)) {
      String glue = owner.equals(zone.apex()) ? "an A or AAAA record" : "glue";
      warnOfTarget(
          owner, type, target, "which has no address in this zone; add " + glue + " for it");
    }
  }

  private void warnOfTarget(DomainName owner, int type, DomainName target, String what) {
    reporter.warning(
        zone.positionOf(owner, type),
        RecordCollector.label(owner, type) + " names " + target + ", " + what);
  }

  private boolean hasAddress(DomainName target, List<Integer> types) {
    if (types.contains(RRType.A) || types.contains(RRType.AAAA) || routed.test(target)) {
      return true;
    }
    for (DomainName above = target; !above.equals(zone.apex()); above = above.parent()) {
      DomainName wildcard = above.parent().child("*");
      List<Integer> there = zone.typesAt(wildcard);
      if (there.contains(RRType.A) || there.contains(RRType.AAAA) || routed.test(wildcard)) {
        return true;
      }
    }
    return false;
  }

  private void hidden(DomainName owner, List<Integer> types, Predicate<DomainName> hides) {
    for (DomainName above = owner; !above.equals(zone.apex()); ) {
      above = above.parent();
      if (hides.test(above) && !GLUE.containsAll(types)) {
        reporter.warning(
            zone.positionOf(owner, types.getFirst()),
            owner + " is below the delegation or DNAME at " + above + " and is never answered");
        return;
      }
    }
  }
}
