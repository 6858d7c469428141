package dev.meridian.answer;

import dev.meridian.policy.Decisions;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Header;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.MessageWriter;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.LookupResult;
import dev.meridian.zone.Zone;

/**
 * Follows CNAME and DNAME through the zones served here (RFC 1034 §4.3.2 step 3a "go back to step
 * 1", RFC 6672 §3.2) and writes the chain record by record.
 */
final class ChainFollower {
  /** A longer chain is cut; the resolver goes on by itself. */
  private static final int MAX_LINKS = 16;

  private ChainFollower() {}

  /** Begins with the name asked, at which {@code first} was found. */
  static void follow(QueryContext context, ServerState state, int zoneNumber, LookupResult first) {
    context.flags = Header.AA; // AA is for the name asked, wherever the chain ends
    context.writer.begin(context.response(), context.end, context.limit);
    context.writer.knowQuestion(context.query.qname(), 0);
    context.target.set(context.request(), Header.LENGTH);
    System.arraycopy(
        context.request(), Header.LENGTH, context.targetOctets, 0, context.target.length());
    context.chain[0] = context.target.suffixHash(0);
    context.chainLength = 1;
    LookupResult result = first;
    int zone = zoneNumber;
    while (step(context, state, zone, result)) {
      zone = QueryProcessor.findZone(state.zones(), context.target, context.query.qtype());
      if (!goesOn(context, state, zone) || isLoop(context)) {
        break;
      }
      result =
          state.zones().get(zone).lookup(context.target, context.query.qtype(), context.lookup);
    }
    if (context.writer.overflowed()) {
      context.truncate();
    } else {
      context.end = context.writer.position();
    }
  }

  /** A zone that the client may not ask ends the chain as one that is not served here. */
  private static boolean goesOn(QueryContext context, ServerState state, int zone) {
    return zone != Lookup.NONE && state.zones().get(zone).allows(context.source());
  }

  /** Notes the name that is looked up next; a name seen before would go round for ever. */
  private static boolean isLoop(QueryContext context) {
    long hash = context.target.suffixHash(0);
    for (int i = 0; i < context.chainLength; i++) {
      if (context.chain[i] == hash) {
        return true;
      }
    }
    if (context.chainLength == MAX_LINKS) {
      return true;
    }
    context.chain[context.chainLength++] = hash;
    return false;
  }

  /** Writes what was found for the current name; true if the query goes on with a new one. */
  private static boolean step(
      QueryContext context, ServerState state, int zoneNumber, LookupResult result) {
    Zone zone = state.zones().get(zoneNumber);
    Lookup lookup = context.lookup;
    return switch (result) {
      case CNAME -> cname(context, state, zoneNumber);
      case DNAME -> dname(context, zone);
      case ANSWER -> {
        answer(context, state, zoneNumber, lookup.rrset());
        yield false;
      }
      case NODATA, NXDOMAIN -> {
        // RFC 6604 §2.1: the RCODE is that of the last name
        context.rcode = result == LookupResult.NXDOMAIN ? Rcode.NXDOMAIN : Rcode.NOERROR;
        negative(context, zone);
        yield false;
      }
      case REFERRAL -> {
        referral(context, zone, lookup.node());
        yield false;
      }
    };
  }

  private static boolean cname(QueryContext context, ServerState state, int zoneNumber) {
    Zone zone = state.zones().get(zoneNumber);
    int rrset = context.lookup.rrset();
    byte[] records = zone.records(rrset);
    int record = zone.recordsAt(rrset);
    int ttl = -1; // the record's own
    if (zone.isRouted(rrset)) {
      int routed = zone.routedIndex(rrset);
      if (!RoutedAnswer.select(context, state, zoneNumber, routed)) {
        nothing(context, zone);
        return false;
      }
      context.noteLink(context.lookup.node());
      Decisions decisions = state.decisions(zoneNumber, routed);
      records = decisions.records();
      record = decisions.recordsAt(context.selection.leaf(0));
      ttl = context.selection.ttl();
    }
    writeRecords(context, records, record, EncodedRRset.next(records, record), ttl);
    context.answers++;
    goTo(context, records, record + EncodedRRset.RDATA_OFFSET);
    return true;
  }

  private static void goTo(QueryContext context, byte[] source, int offset) {
    context.target.set(source, offset);
    System.arraycopy(source, offset, context.targetOctets, 0, context.target.length());
  }

  /** The DNAME, and the CNAME that it makes of the name asked (RFC 6672 §3.1). */
  private static boolean dname(QueryContext context, Zone zone) {
    MessageWriter writer = context.writer;
    LookupName name = context.target;
    byte[] records = zone.records(context.lookup.rrset());
    int record = zone.recordsAt(context.lookup.rrset());
    int prefix = name.length() - zone.nameLength(context.lookup.node());
    int ownerAt = prefix;
    context.owner.set(context.targetOctets, ownerAt);
    long ownerHash = context.owner.suffixHash(0);
    EncodedRRset.write(
        writer,
        context.owner,
        context.targetOctets,
        ownerAt,
        records,
        record,
        EncodedRRset.next(records, record),
        -1);
    context.answers++;
    int rdata = record + EncodedRRset.RDATA_OFFSET;
    int rdataLength = Octets.getShort(records, record + EncodedRRset.RDLENGTH_OFFSET);
    context.owner.set(records, rdata);
    writer.know(context.owner, writer.position() - rdataLength); // what the CNAME will end in
    if (prefix + rdataLength > LookupName.MAX_LENGTH) {
      context.rcode = Rcode.YXDOMAIN; // RFC 6672 §2.2
      return false;
    }
    writer.name(name, context.targetOctets, 0);
    writer.putShort(RRType.CNAME);
    writer.putShort(EncodedRRset.CLASS_IN);
    writer.putInt(Octets.getInt(records, record + EncodedRRset.TTL_OFFSET));
    int lengthAt = writer.position();
    writer.putShort(0);
    System.arraycopy(records, rdata, context.targetOctets, prefix, rdataLength);
    name.set(context.targetOctets, 0);
    writer.name(name, context.targetOctets, 0);
    writer.patchShort(lengthAt, writer.position() - lengthAt - 2);
    context.answers++;
    return context.query.qtype() != RRType.CNAME && !leadsBelow(context.owner, ownerHash);
  }

  /** A DNAME into what it redirects makes the name longer and longer: once is enough, as in NSD. */
  private static boolean leadsBelow(LookupName target, long ownerHash) {
    for (int label = target.labelCount(); label >= 0; label--) {
      if (target.suffixHash(label) == ownerHash) {
        return true;
      }
    }
    return false;
  }

  private static void answer(QueryContext context, ServerState state, int zoneNumber, int rrset) {
    Zone zone = state.zones().get(zoneNumber);
    if (!zone.isRouted(rrset)) {
      writeRecords(context, zone.records(rrset), zone.recordsAt(rrset), zone.recordsEnd(rrset), -1);
      context.answers += zone.count(rrset);
      AuthorityServers.addToChain(context, zone, rrset);
      if (context.query.qtype() == RRType.NS) {
        serverAddresses(context, zone, rrset);
      }
      return;
    }
    Decisions routed = state.decisions(zoneNumber, zone.routedIndex(rrset));
    if (!RoutedAnswer.select(context, state, zoneNumber, zone.routedIndex(rrset))) {
      nothing(context, zone);
      return;
    }
    RoutedAnswer.write(context, routed, ChainFollower::writeRecord);
    AuthorityServers.addToChain(context, zone, rrset);
  }

  private static boolean writeRecord(
      QueryContext context, byte[] records, int at, int next, int ttl) {
    writeRecords(context, records, at, next, ttl);
    return !context.writer.overflowed();
  }

  private static void writeRecords(
      QueryContext context, byte[] records, int from, int to, int ttl) {
    EncodedRRset.write(
        context.writer, context.target, context.targetOctets, 0, records, from, to, ttl);
  }

  /** After a policy that chose nothing. */
  private static void nothing(QueryContext context, Zone zone) {
    if (context.selection.isFailure()) {
      context.fail();
    } else if (context.selection.isUnhealthy()) {
      RoutedAnswer.writeWithheld(context, zone);
    } else {
      negative(context, zone);
    }
  }

  private static void negative(QueryContext context, Zone zone) {
    zone.writeNegative(context.writer, context.owner, Integer.MAX_VALUE);
    context.authorities = 1;
  }

  /** NS records and in-domain addresses are a must (RFC 9471 §3), others go in while they fit. */
  private static void referral(QueryContext context, Zone zone, int cut) {
    context.stats().count(Counter.REFERRAL);
    int ns = zone.rrset(cut, RRType.NS);
    zone.writeRRset(context.writer, context.owner, cut, ns);
    context.authorities = zone.count(ns);
    glue(context, zone, cut, ns, true);
    glue(context, zone, cut, ns, false);
  }

  private static void glue(QueryContext context, Zone zone, int cut, int ns, boolean inDomain) {
    byte[] records = zone.records(ns);
    for (int at = zone.recordsAt(ns);
        at < zone.recordsEnd(ns) && !context.writer.overflowed();
        at = EncodedRRset.next(records, at)) {
      context.owner.set(records, at + EncodedRRset.RDATA_OFFSET);
      int server = zone.node(context.owner);
      if (server >= 0 && zone.isBelow(server, cut) == inDomain) {
        address(context, zone, server, RRType.A, inDomain);
        address(context, zone, server, RRType.AAAA, inDomain);
      }
    }
  }

  /** What the templates of NS answers have (RFC 1035 §3.3.11), while it fits. */
  private static void serverAddresses(QueryContext context, Zone zone, int ns) {
    byte[] records = zone.records(ns);
    for (int at = zone.recordsAt(ns);
        at < zone.recordsEnd(ns) && !context.writer.overflowed();
        at = EncodedRRset.next(records, at)) {
      context.owner.set(records, at + EncodedRRset.RDATA_OFFSET);
      int server = zone.node(context.owner);
      if (server >= 0 && !zone.isOccluded(server)) {
        address(context, zone, server, RRType.A, false);
        address(context, zone, server, RRType.AAAA, false);
      }
    }
  }

  private static void address(
      QueryContext context, Zone zone, int server, int type, boolean required) {
    int rrset = zone.rrset(server, type);
    if (rrset == Lookup.NONE || zone.isRouted(rrset) || context.writer.overflowed()) {
      return;
    }
    int before = context.writer.position();
    zone.writeRRset(context.writer, context.owner, server, rrset);
    if (!context.writer.overflowed()) {
      context.additionals += zone.count(rrset);
    } else if (!required) {
      context.writer.rewind(before);
    }
  }
}
