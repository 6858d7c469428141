package dev.meridian.answer;

import dev.meridian.rr.RRType;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;

/**
 * Adds the NS records of the zone to the authority section of a positive answer, as Route 53 does,
 * if the server is told to. They are no part of the answer: without room they stay away, and
 * nothing is marked as truncated.
 */
final class AuthorityServers {
  private AuthorityServers() {}

  /**
   * Adds them behind the answer section that the context has so far.
   *
   * @param answered the RRset in the answer section: no record goes twice
   * @param limit where they must end
   */
  static void add(QueryContext context, Zone zone, int answered, int limit) {
    if (!context.authorityNs || context.isTruncated()) {
      return;
    }
    context.writer.begin(context.response(), context.end, limit);
    context.writer.knowQuestion(context.query.qname(), 0);
    addToChain(context, zone, answered);
    if (context.authorities > 0) {
      context.end = context.writer.position();
    }
  }

  /** Adds them where the writer stands, if that has not run out of room. */
  static void addToChain(QueryContext context, Zone zone, int answered) {
    int ns = zone.rrset(zone.apexNode(), RRType.NS);
    if (!context.authorityNs
        || ns == Lookup.NONE
        || ns == answered
        || context.writer.overflowed()) {
      return;
    }
    int before = context.writer.position();
    zone.writeRRset(context.writer, context.owner, zone.apexNode(), ns);
    if (context.writer.overflowed()) {
      context.writer.rewind(before);
    } else {
      context.authorities = zone.count(ns);
    }
  }
}
