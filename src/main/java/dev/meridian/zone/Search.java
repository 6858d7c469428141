package dev.meridian.zone;

import dev.meridian.rr.RRType;
import dev.meridian.wire.LookupName;

/**
 * Where a question leads in a zone, RFC 1034 §4.3.2 step 3, by what a {@link Zone} knows of its
 * nodes:
 *
 * <pre>
 * the name                     stands          outcome
 * exists                       at a cut        REFERRAL; for DS as anywhere else
 *                              below a cut     REFERRAL
 *                              below a DNAME   DNAME
 *                              elsewhere       ANSWER, CNAME or NODATA by what it owns
 * does not, and its closest    at or below
 * encloser                     a cut           REFERRAL
 *                              a DNAME         DNAME
 *                              has a wildcard  ANSWER, CNAME or NODATA by what that owns
 *                              has none        NXDOMAIN
 * </pre>
 *
 * On the query path: static, so that nothing stands between a zone and its search.
 */
final class Search {
  private Search() {}

  /** As {@link Zone#lookup}. */
  static LookupResult lookup(Zone zone, LookupName name, int qtype, Lookup result) {
    result.synthesized = false;
    result.rrset = Lookup.NONE;
    int node = zone.find(name, 0);
    if (node < 0) {
      return belowEncloser(zone, name, qtype, result);
    }
    int governor = zone.boundary(node);
    if (governor < 0 || (governor == node && qtype == RRType.DS)) {
      // RFC 4035 §3.1.4.1: the parent's side of a cut answers for DS
      return inNode(zone, node, qtype, result);
    }
    return outside(zone, governor, result);
  }

  /** The name does not exist: its closest encloser decides (RFC 4592 §3.3.1). */
  private static LookupResult belowEncloser(Zone zone, LookupName name, int qtype, Lookup result) {
    int encloser = closestEncloser(zone, name);
    int governor = zone.boundary(encloser);
    if (governor >= 0) {
      return outside(zone, governor, result);
    }
    if (zone.hasDname(encloser)) {
      return outside(zone, encloser, result);
    }
    int source = zone.wildcard(encloser);
    if (source >= 0) {
      result.synthesized = true;
      return inNode(zone, source, qtype, result);
    }
    result.node = encloser;
    return LookupResult.NXDOMAIN;
  }

  private static int closestEncloser(Zone zone, LookupName name) {
    int last = name.labelCount() - zone.apexLabels();
    for (int label = 1; label < last; label++) {
      int node = zone.find(name, label);
      if (node >= 0) {
        return node;
      }
    }
    return zone.apexNode(); // which always exists
  }

  /** At or below a zone cut, or below a DNAME. */
  private static LookupResult outside(Zone zone, int governor, Lookup result) {
    result.node = governor;
    if (zone.boundary(governor) == governor) {
      return LookupResult.REFERRAL;
    }
    result.rrset = zone.rrset(governor, RRType.DNAME);
    return LookupResult.DNAME;
  }

  private static LookupResult inNode(Zone zone, int node, int qtype, Lookup result) {
    result.node = node;
    int wanted = qtype == RRType.ANY ? smallestRRset(zone, node) : zone.rrset(node, qtype);
    if (wanted >= 0) {
      result.rrset = wanted;
      return LookupResult.ANSWER;
    }
    if (zone.hasCname(node)) {
      result.rrset = zone.rrset(node, RRType.CNAME);
      return LookupResult.CNAME;
    }
    return LookupResult.NODATA;
  }

  /**
   * RFC 8482 §4.1: for ANY, one RRset; the one that amplifies least, a routed one first, and of two
   * as large as each other that of the smaller number.
   */
  private static int smallestRRset(Zone zone, int node) {
    int best = Lookup.NONE;
    int bestSize = Integer.MAX_VALUE;
    int end = zone.endRRset(node);
    for (int i = zone.firstRRset(node); i < end; i++) {
      int size = zone.recordsEnd(i) - zone.recordsAt(i);
      if (size < bestSize || (size == bestSize && zone.type(i) < zone.type(best))) {
        best = i;
        bestSize = size;
      }
    }
    return best;
  }
}
