package dev.meridian.answer;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Edns;
import dev.meridian.wire.ExtendedError;
import dev.meridian.wire.Header;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import dev.meridian.wire.QueryReader;
import dev.meridian.wire.Rcode;
import dev.meridian.wire.Verdict;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import org.jspecify.annotations.Nullable;

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
  private final int udpPayloadWithoutCookie;
  private final QueryAccess access;
  private final @Nullable ServerCookies cookies;
  private final ChaosAnswers chaos;
  private final OptWriter opt;
  private final boolean authorityNs;

  /** A processor that answers from the newest state of {@code states}. Immutable. */
  public QueryProcessor(StateHolder states, AnswerSettings settings) {
    this.states = states;
    udpPayload = settings.udpPayload();
    udpPayloadWithoutCookie = Math.min(udpPayload, settings.udpPayloadWithoutCookie());
    access = settings.access();
    cookies = settings.cookies().orElse(null);
    chaos = new ChaosAnswers(settings.identity());
    opt = new OptWriter(settings);
    authorityNs = settings.authorityNs();
  }

  /**
   * A processor without cookies and identity.
   *
   * @param udpPayload the most octets of a UDP response, 512 to 4096
   */
  public QueryProcessor(StateHolder states, int udpPayload) {
    this(states, AnswerSettings.plain(udpPayload));
  }

  /**
   * Answers the query in {@code context}.
   *
   * @return octets of the response in {@link QueryContext#response()}; 0: stay silent
   */
  public int process(QueryContext context) {
    return process(context, states.get());
  }

  /**
   * As above from a given state, for who has to look at the same one afterwards.
   *
   * @return as above
   */
  int process(QueryContext context, ServerState state) {
    if (access.silent() && !access.allows(context)) {
      context.stats().count(Counter.DENIED);
      return 0;
    }
    Verdict verdict = context.query.read(context.request(), context.requestLength());
    if (verdict == Verdict.DROP) {
      context.stats().count(Counter.DROPPED);
      return 0;
    }
    countQuery(context);
    if (isMalformed(context, verdict)) {
      verdict = Verdict.FORMERR;
    }
    return switch (verdict) {
      case NOTIMP -> headerOnly(context, Rcode.NOTIMP);
      case NOTAUTH -> UnknownKey.append(context, error(context, Rcode.NOTAUTH), limit(context));
      case OK, COOKIE_ONLY, BADVERS -> respond(context, state, verdict);
      case FORMERR, DROP -> malformed(context);
    };
  }

  /** RFC 6891 §6.1.1: with an OPT record if there was one, and the question before it. */
  private int malformed(QueryContext context) {
    if (!context.query.edns() || context.query.questionEnd() <= Header.LENGTH) {
      return headerOnly(context, Rcode.FORMERR);
    }
    return error(context, Rcode.FORMERR);
  }

  /** The question, and OPT if there was one. */
  private int error(QueryContext context, int rcode) {
    context.startResponse(limit(context));
    context.rcode = rcode;
    return finish(context);
  }

  /** What the reader cannot know: it depends on transport and settings, or on the type asked. */
  private boolean isMalformed(QueryContext context, Verdict verdict) {
    return switch (verdict) {
      case COOKIE_ONLY -> cookies == null; // RFC 7873 §5.4 is for servers that do cookies
      case OK ->
          context.query.qtype() == RRType.OPT // RFC 6895 §3.1: never a question
              // RFC 7828 §3.2.1: how long is the server's to say; over UDP the option is ignored
              || (context.tcp() && context.query.keepaliveLength() > 0);
      default -> false;
    };
  }

  private int respond(QueryContext context, ServerState state, Verdict verdict) {
    checkCookie(context);
    context.authorityNs = authorityNs;
    context.startResponse(limit(context) - opt.length(context));
    switch (verdict) {
      case BADVERS -> context.rcode = Rcode.BADVERS;
      case COOKIE_ONLY -> cookieOnly(context);
      default -> answer(context, state);
    }
    return finish(context);
  }

  private void checkCookie(QueryContext context) {
    context.hasCookie = cookies != null && context.query.hasCookie();
    if (cookies != null && context.hasCookie) {
      cookies.process(context);
      if (context.cookieValid) {
        context.stats().count(Counter.COOKIE_VALID);
      }
    }
  }

  /** RFC 7873 §5.4: a client asks for a cookie, or whether the one it has is still good. */
  private static void cookieOnly(QueryContext context) {
    if (context.query.cookieLength() > Edns.CLIENT_COOKIE_LENGTH && !context.cookieValid) {
      context.rcode = Rcode.BADCOOKIE;
    }
  }

  private int limit(QueryContext context) {
    if (context.tcp()) {
      return MAX_MESSAGE;
    }
    int most = context.isProven() ? udpPayload : udpPayloadWithoutCookie;
    return Math.min(context.query.payloadSize(), most);
  }

  private void answer(QueryContext context, ServerState state) {
    QueryReader query = context.query;
    int qtype = query.qtype();
    if (!access.allows(context)) {
      context.stats().count(Counter.DENIED);
      refuse(context, ExtendedError.PROHIBITED);
      return;
    }
    if (query.qclass() == ChaosAnswers.CLASS_CH) {
      answerChaos(context);
      return;
    }
    if (query.qclass() != EncodedRRset.CLASS_IN) {
      refuse(context, ExtendedError.NOT_SUPPORTED);
      return;
    }
    if (qtype == RRType.AXFR || qtype == RRType.IXFR) {
      refuseTransfer(context, state.zones());
      return;
    }
    if (qtype == RRType.MAILA || qtype == RRType.MAILB) {
      context.rcode = Rcode.NOTIMP; // obsolete since RFC 973; RFC 6895 §3.1
      return;
    }
    int zone = findZone(state.zones(), query.qname(), qtype);
    if (zone == Lookup.NONE) {
      refuse(context, ExtendedError.NOT_AUTHORITATIVE);
      return;
    }
    context.zone = zone;
    if (!state.zones().get(zone).allows(context.source())) {
      context.stats().count(Counter.DENIED_BY_ZONE);
      refuse(context, ExtendedError.PROHIBITED);
      return;
    }
    Responder.respond(context, state, zone);
  }

  private void answerChaos(QueryContext context) {
    byte[] record = chaos.find(context.query.qname());
    if (record.length == 0 || context.query.qtype() != RRType.TXT) {
      refuse(context, ExtendedError.NOT_SUPPORTED);
      return;
    }
    System.arraycopy(record, 0, context.response(), context.end, record.length);
    context.end += record.length;
    context.answers = 1;
    context.flags = Header.AA;
  }

  /** Nobody may take a zone, and what is no zone here cannot be taken (RFC 5936 §2.2.1). */
  private static void refuseTransfer(QueryContext context, Zones zones) {
    QueryReader query = context.query;
    int zone = zones.find(query.qname(), 0);
    if (query.qtype() == RRType.AXFR && !context.tcp()) {
      context.rcode = Rcode.NOTIMP; // RFC 5936 §4.2: there is no AXFR over UDP
    } else if (zone == Lookup.NONE || zones.get(zone).nameLength(0) != query.qname().length()) {
      context.rcode = Rcode.NOTAUTH;
    } else {
      refuse(context, ExtendedError.PROHIBITED);
    }
  }

  private static void refuse(QueryContext context, ExtendedError error) {
    context.rcode = Rcode.REFUSED;
    context.error = error;
  }

  /** RFC 4035 §3.1.4.1: DS at an apex is the parent's to answer, if the parent is here too. */
  static int findZone(Zones zones, LookupName name, int qtype) {
    int zone = zones.find(name, 0);
    if (zone != Lookup.NONE && qtype == RRType.DS) {
      Zone found = zones.get(zone);
      if (found.nameLength(0) == name.length() && name.labelCount() > 0) {
        int parent = zones.find(name, 1);
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

  private int finish(QueryContext context) {
    byte[] out = context.response();
    QueryReader query = context.query;
    int end = query.edns() ? opt.write(context) : context.end;
    // RFC 4035 §3.1.6: CD is copied, AD is not ours to set; RFC 1035 §4.1.1: RD is copied
    int flags = Header.QR | context.flags | (query.flags() & (Header.RD | Header.CD));
    Octets.putShort(out, Header.ID_OFFSET, Octets.getShort(context.request(), Header.ID_OFFSET));
    Octets.putShort(out, Header.FLAGS_OFFSET, flags | (context.rcode & 0xF));
    Octets.putShort(out, Header.QDCOUNT_OFFSET, query.hasQuestion() ? 1 : 0);
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
    if (query.hasQuestion()) {
      stats.countType(query.qtype());
    }
    if (query.edns()) {
      stats.count(Counter.EDNS);
      if (query.hasCookie()) {
        stats.count(Counter.COOKIE);
      }
      if (query.hasClientSubnet()) {
        stats.count(Counter.CLIENT_SUBNET);
      }
      if (query.dnssecOk()) {
        stats.count(Counter.DNSSEC_OK);
      }
    }
  }
}
