package dev.meridian.answer;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.Selection;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Edns;
import dev.meridian.wire.Header;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import dev.meridian.wire.QueryReader;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A query and what came of it, as it lies in a {@link QueryRing}: written by the event loop without
 * making anything, made into objects by the reader.
 */
public final class QueryRecord {
  /** More choices than this are not noted; answers with more are rare. */
  private static final int MAX_NOTED = 8;

  /** Nor policies on the way to the last name of a chain. */
  private static final int MAX_LINKS = 8;

  /**
   * What a policy chose on the way to the last name of a chain.
   *
   * @param name where it stands, with its asterisk if it is a wildcard
   */
  public record Link(DomainName name, QueryChoice choice) {}

  /** What is known of a client by its cookie. */
  public enum Cookie {
    /** It has none, or cookies are not done here. */
    NONE,
    /** It asks for one, or has one that is not good any more. */
    GIVEN,
    /** It has shown that it is where it says. */
    VALID
  }

  private final byte[] name = new byte[LookupName.MAX_LENGTH];
  private final int[] leaves = new int[MAX_NOTED];
  private final byte[] query;
  private final byte[] response;
  private final ClientAddress source = new ClientAddress();
  private final ClientAddress subnet = new ClientAddress();
  private int queryLength;
  private int responseLength;
  private @Nullable ServerState state;
  private int zone;
  private int routedZone;
  private int routed;
  private int clientClass;
  private int leafCount;
  private final int[] links = new int[MAX_LINKS * QueryContext.LINK];
  private int linkCount;
  private boolean question;
  private int qtype;
  private int rcode;
  private boolean truncated;
  private boolean tcp;
  private boolean hasSubnet;
  private int scopeLength;
  private Cookie cookie = Cookie.NONE;
  private long nanos;
  private int micros;

  QueryRecord(int messageOctets) {
    query = new byte[messageOctets];
    response = new byte[messageOctets];
  }

  /**
   * Notes the query in the context and its answer. Allocates nothing.
   *
   * @param from the state that answered
   * @param octets of the response
   * @param now {@link System#nanoTime}
   */
  void fill(QueryContext context, ServerState from, int octets, long now) {
    QueryReader reader = context.query;
    state = from;
    zone = context.zone;
    question = reader.hasQuestion();
    qtype = reader.qtype();
    int flags = Octets.getShort(context.response(), Header.FLAGS_OFFSET);
    int low = flags & 0xF;
    // the upper bits of an extended code are in OPT, and in the context
    rcode = low == (context.rcode & 0xF) ? context.rcode : low;
    truncated = (flags & Header.TC) != 0;
    tcp = context.tcp();
    source.set(context.source());
    cookie = !context.hasCookie ? Cookie.NONE : context.cookieValid ? Cookie.VALID : Cookie.GIVEN;
    nanos = now;
    micros = tcp ? -1 : Math.max(0, (int) (now / 1000) - context.nowMicros());
    if (question) {
      System.arraycopy(context.request(), Header.LENGTH, name, 0, reader.qname().length());
    }
    fillSubnet(reader);
    scopeLength = question && hasSubnet ? context.scopeLength : 0;
    fillChoice(context);
    queryLength = keep(context.request(), context.requestLength(), query);
    responseLength = keep(context.response(), octets, response);
  }

  private void fillSubnet(QueryReader reader) {
    hasSubnet = reader.hasClientSubnet() && reader.subnetFamily() != 0;
    if (!hasSubnet) {
      return;
    }
    if (reader.subnetFamily() == Edns.FAMILY_IPV4) {
      subnet.setIpv4((int) (reader.subnetHigh() >>> 32), reader.subnetSourceLength());
    } else {
      subnet.setIpv6(reader.subnetHigh(), reader.subnetLow(), reader.subnetSourceLength());
    }
  }

  private void fillChoice(QueryContext context) {
    Selection selection = context.selection;
    routedZone = context.routedZone;
    routed = context.routed;
    clientClass = selection.clientClass();
    leafCount = routed == Lookup.NONE ? 0 : Math.min(MAX_NOTED, selection.size());
    for (int i = 0; i < leafCount; i++) {
      leaves[i] = selection.leaf(i);
    }
    linkCount = Math.min(MAX_LINKS, context.linkCount);
    System.arraycopy(context.links, 0, links, 0, linkCount * QueryContext.LINK);
  }

  /** A message that is longer than the room for it is left out. */
  private static int keep(byte[] message, int length, byte[] room) {
    if (length > room.length) {
      return 0;
    }
    System.arraycopy(message, 0, room, 0, length);
    return length;
  }

  /** Lets go of what would keep an old state in memory. */
  void forget() {
    state = null;
  }

  /** The name asked for, in the case it was asked in; empty where there was no whole question. */
  public @Nullable DomainName name() {
    return question ? DomainName.ofWire(name, 0) : null;
  }

  /** The type asked for. */
  public int type() {
    return qtype;
  }

  /** The apex of the zone that answered, or null. */
  public @Nullable DomainName zone() {
    return state == null || zone == Lookup.NONE ? null : state.zones().get(zone).apex();
  }

  /** What the response says, its upper bits with it. */
  public int rcode() {
    return rcode;
  }

  /** The TC bit of the response. */
  public boolean truncated() {
    return truncated;
  }

  /** Over TCP; else over UDP. */
  public boolean tcp() {
    return tcp;
  }

  /** The address that the query came from. */
  public Prefix source() {
    return Prefix.of(source);
  }

  /** The client subnet of the query, or null. */
  public @Nullable Prefix subnet() {
    return hasSubnet ? Prefix.of(subnet) : null;
  }

  /** The scope of the client subnet in the response, in bits. */
  public int scopeLength() {
    return scopeLength;
  }

  public Cookie cookie() {
    return cookie;
  }

  /** When it was answered, in the time of {@link System#nanoTime}. */
  public long nanos() {
    return nanos;
  }

  /** From when the batch of datagrams was read to the answer, in microseconds; TCP: -1. */
  public int micros() {
    return micros;
  }

  /** What the last policy on the way chose, or null if none did. */
  public @Nullable QueryChoice choice() {
    if (state == null || routed == Lookup.NONE) {
      return null;
    }
    List<Integer> chosen = IntStream.range(0, leafCount).mapToObj(i -> leaves[i]).toList();
    RoutedRRset rrset = state.zones().get(routedZone).routed(routed);
    return new QueryChoice(rrset, routedZone, routed, clientClass, chosen);
  }

  /** What policies chose before the last, from the name asked on, at most eight. */
  public List<Link> links() {
    List<Link> made = new ArrayList<>();
    for (int at = 0; state != null && at < linkCount * QueryContext.LINK; at += QueryContext.LINK) {
      Zone in = state.zones().get(links[at]);
      int number = links[at + 2];
      // where a chain leaves what is served here, its last link is the choice itself
      if (links[at] != routedZone || number != routed) {
        List<Integer> leaf = List.of(links[at + 4]);
        QueryChoice chosen =
            new QueryChoice(in.routed(number), links[at], number, links[at + 3], leaf);
        made.add(new Link(in.name(links[at + 1]), chosen));
      }
    }
    return made;
  }

  /** The state that answered; null after {@link QueryRing#release}. */
  public @Nullable ServerState state() {
    return state;
  }

  /** The query as it came, from 0 to {@link #queryLength}. Not to be changed. */
  public byte[] query() {
    return query;
  }

  /** Octets; 0: it is not kept. */
  public int queryLength() {
    return queryLength;
  }

  /** The response as it went, from 0 to {@link #responseLength}. Not to be changed. */
  public byte[] response() {
    return response;
  }

  /** Octets; 0: it is not kept. */
  public int responseLength() {
    return responseLength;
  }
}
