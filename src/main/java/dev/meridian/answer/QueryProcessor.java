package dev.meridian.answer;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.ExtendedError;
import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.QueryReader;
import dev.meridian.wire.Rcode;
import dev.meridian.wire.Verdict;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;

/**
 * One query in, one response out. Reads one {@link ServerState} at the beginning and uses nothing
 * else; allocates, locks, throws and logs nothing.
 *
 * <pre>
 * QueryReader   what is asked, and may it be asked
 * Zones, Zone   where the name is, and what stands there
 * Responder     copies what was prepared; policies choose; chains are followed
 * OptWriter     EDNS
 * header        flags and counts, last, when all is known
 * </pre>
 */
public final class QueryProcessor {
  /** The default for UDP: fits any path unfragmented (DNS flag day 2020). */
  public static final int DEFAULT_UDP_PAYLOAD = 1232;

  private static final int MAX_MESSAGE = 0xFFFF;

  private final StateHolder states;
  private final int udpPayload;

  /**
   * A processor that answers from the newest state of {@code states}.
   *
   * @param udpPayload the most octets of a UDP response, 512 to 4096
   */
  public QueryProcessor(StateHolder states, int udpPayload) {
    this.states = states;
    this.udpPayload = udpPayload;
  }

  /**
   * Answers the query in {@code context}.
   *
   * @return octets of the response in {@link QueryContext#response()}; 0: stay silent
   */
  public int process(QueryContext context) {
    ServerState state = states.get();
    Verdict verdict = context.query.read(context.request(), context.requestLength());
    if (verdict == Verdict.DROP) {
      context.stats().count(Counter.DROPPED);
      return 0;
    }
    countQuery(context);
    context.startResponse(limit(context), udpPayload);
    if (verdict == Verdict.NOTIMP) {
      return headerOnly(context, Rcode.NOTIMP);
    }
    if (verdict == Verdict.FORMERR && !context.query.edns()) {
      return headerOnly(context, Rcode.FORMERR);
    }
    switch (verdict) {
      case FORMERR -> context.rcode = Rcode.FORMERR; // RFC 6891 §6.1.1: still with OPT
      case BADVERS -> context.rcode = Rcode.BADVERS;
      default -> answer(context, state);
    }
    return finish(context);
  }

  private int limit(QueryContext context) {
    if (context.tcp()) {
      return MAX_MESSAGE;
    }
    return Math.min(context.query.payloadSize(), udpPayload);
  }

  private static void answer(QueryContext context, ServerState state) {
    QueryReader query = context.query;
    int qtype = query.qtype();
    if (query.qclass() != EncodedRRset.CLASS_IN || isTransfer(qtype)) {
      refuse(context, ExtendedError.NOT_SUPPORTED);
      return;
    }
    if (qtype == RRType.MAILA || qtype == RRType.MAILB || qtype == RRType.OPT) {
      context.rcode = qtype == RRType.OPT ? Rcode.FORMERR : Rcode.NOTIMP; // RFC 6895 §3.1
      return;
    }
    int zone = findZone(state.zones(), query);
    if (zone == Lookup.NONE) {
      refuse(context, ExtendedError.NOT_AUTHORITATIVE);
      return;
    }
    Responder.respond(context, state, zone);
  }

  private static boolean isTransfer(int qtype) {
    return qtype == RRType.AXFR || qtype == RRType.IXFR;
  }

  private static void refuse(QueryContext context, ExtendedError error) {
    context.rcode = Rcode.REFUSED;
    context.error = error;
  }

  /** RFC 4035 §3.1.4.1: DS at an apex is the parent's to answer, if the parent is here too. */
  private static int findZone(Zones zones, QueryReader query) {
    int zone = zones.find(query.qname(), 0);
    if (zone != Lookup.NONE && query.qtype() == RRType.DS) {
      Zone found = zones.get(zone);
      if (found.nameLength(0) == query.qname().length() && query.qname().labelCount() > 0) {
        int parent = zones.find(query.qname(), 1);
        return parent == Lookup.NONE ? zone : parent;
      }
    }
    return zone;
  }

  /** RFC 9619 leaves no question worth repeating: twelve octets, never more than came. */
  private static int headerOnly(QueryContext context, int rcode) {
    byte[] out = context.response();
    Octets.putShort(out, Header.ID_OFFSET, Octets.getShort(context.request(), Header.ID_OFFSET));
    int flags = context.query.flags() & (Header.OPCODE_MASK | Header.RD | Header.CD);
    Octets.putShort(out, Header.FLAGS_OFFSET, Header.QR | flags | rcode);
    Octets.putLong(out, Header.QDCOUNT_OFFSET, 0);
    context.stats().countRcode(rcode);
    return Header.LENGTH;
  }

  private static int finish(QueryContext context) {
    byte[] out = context.response();
    QueryReader query = context.query;
    int end = query.edns() ? OptWriter.write(context) : context.end;
    // RFC 4035 §3.1.6: CD is copied, AD is not ours to set; RFC 1035 §4.1.1: RD is copied
    int flags = Header.QR | context.flags | (query.flags() & (Header.RD | Header.CD));
    Octets.putShort(out, Header.ID_OFFSET, Octets.getShort(context.request(), Header.ID_OFFSET));
    Octets.putShort(out, Header.FLAGS_OFFSET, flags | (context.rcode & 0xF));
    Octets.putShort(out, Header.QDCOUNT_OFFSET, 1);
    Octets.putShort(out, Header.ANCOUNT_OFFSET, context.answers);
    Octets.putShort(out, Header.NSCOUNT_OFFSET, context.authorities);
    Octets.putShort(out, Header.ARCOUNT_OFFSET, context.additionals + (query.edns() ? 1 : 0));
    context.stats().countRcode(context.rcode);
    return end;
  }

  private static void countQuery(QueryContext context) {
    QueryStats stats = context.stats();
    boolean ipv4 = context.source().isIpv4();
    if (context.tcp()) {
      stats.count(ipv4 ? Counter.TCP_IPV4 : Counter.TCP_IPV6);
    } else {
      stats.count(ipv4 ? Counter.UDP_IPV4 : Counter.UDP_IPV6);
    }
    QueryReader query = context.query;
    if (query.questionEnd() > 0) {
      stats.countType(query.qtype());
    }
    if (query.edns()) {
      stats.count(Counter.EDNS);
      if (query.hasClientSubnet()) {
        stats.count(Counter.CLIENT_SUBNET);
      }
      if (query.dnssecOk()) {
        stats.count(Counter.DNSSEC_OK);
      }
    }
  }
}
