package dev.meridian.answer;

import dev.meridian.net.ClientAddress;
import dev.meridian.policy.Dice;
import dev.meridian.policy.Selection;
import dev.meridian.wire.ExtendedError;
import dev.meridian.wire.Header;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.MessageWriter;
import dev.meridian.wire.QueryReader;
import dev.meridian.wire.Rcode;
import dev.meridian.zone.Lookup;

/**
 * All that one query needs from first octet to last, reused for the next one. Owned by one event
 * loop; never shared.
 *
 * <p>The transport copies the message to {@link #request()}, sets {@link #source()}, calls {@link
 * #begin}, and after {@link QueryProcessor#process} sends that many octets of {@link #response()}.
 */
public final class QueryContext {
  /** Room behind a message, so that whole words can be read at its end. */
  private static final int SLACK = 16;

  private static final int CHAIN = 16;

  /** Zone, node, routed RRset, class and leaf of a policy that chose a CNAME. */
  static final int LINK = 5;

  private final byte[] request = new byte[0xFFFF + SLACK];
  private final byte[] response = new byte[0xFFFF + SLACK];
  private final ClientAddress source = new ClientAddress();
  private final QueryStats stats;
  private int requestLength;
  private boolean tcp;
  private long idleMillis = Long.MAX_VALUE;
  private int nowMicros;

  final QueryReader query = new QueryReader();
  final Lookup lookup = new Lookup();
  final Selection selection = new Selection();
  final MessageWriter writer = new MessageWriter();
  final Dice dice;

  /** The address that policies go by: the client subnet's or the source's. */
  final ClientAddress client = new ClientAddress();

  /** The name that a CNAME or DNAME led to; valid while the chain is followed. */
  final LookupName target = new LookupName();

  /** The same in wire form, in the case it was written. */
  final byte[] targetOctets = new byte[LookupName.MAX_LENGTH + SLACK];

  /** A name that is written and forgotten. */
  final LookupName owner = new LookupName();

  /** Hashes of the names that the chain went through. */
  final long[] chain = new long[CHAIN];

  int chainLength;

  /** What the hash of a cookie is made of; begins with the cookie that goes back, less its hash. */
  final byte[] cookieInput = new byte[ServerCookies.INPUT_LENGTH + SLACK];

  /** The hash of the cookie that goes back, as on the wire. */
  long cookieHash;

  /** Whether a cookie goes back; the two above are valid then. */
  boolean hasCookie;

  /** Whether the client has proved that it receives our answers; valid if there is a cookie. */
  boolean cookieValid;

  /** The zone that answers; {@link Lookup#NONE}: none. */
  int zone;

  /** The routed RRset that a policy chose from last, by zone and number; NONE: no policy did. */
  int routedZone;

  int routed;

  /** What policies chose on the way to the last name of a chain, {@link #LINK} numbers each. */
  final int[] links = new int[CHAIN * LINK];

  int linkCount;

  /** Whether positive answers carry the zone's NS records; the processor's setting. */
  boolean authorityNs;

  int rcode;
  int flags;
  int scopeLength;
  ExtendedError error = ExtendedError.NONE;
  int answers;
  int authorities;
  int additionals;

  /** The end of what is written. */
  int end;

  /** Where it must end: the response's size less the OPT record's. */
  int limit;

  /**
   * A context for one loop.
   *
   * @param seed for its random choices; equal seeds and queries give equal answers
   * @param choices how many choices of policies it can count apart
   */
  public QueryContext(long seed, int choices) {
    dice = new Dice(seed);
    stats = new QueryStats(choices);
  }

  /** As above; choices are not counted. */
  public QueryContext(long seed) {
    this(seed, 0);
  }

  /** Where the transport puts the message, from offset 0. */
  public byte[] request() {
    return request;
  }

  /** Where the answer is, from offset 0. */
  public byte[] response() {
    return response;
  }

  /** The address that the query came from, with its full length as prefix length. */
  public ClientAddress source() {
    return source;
  }

  /** What this loop has counted. */
  public QueryStats stats() {
    return stats;
  }

  /** Starts the next query: {@code requestLength} octets are in place. */
  public void begin(int requestLength, boolean tcp) {
    this.requestLength = requestLength;
    this.tcp = tcp;
    zone = Lookup.NONE;
    routed = Lookup.NONE;
    linkCount = 0;
    hasCookie = false;
  }

  /** A policy chose a CNAME, which will be followed. */
  void noteLink(int node) {
    int at = linkCount++ * LINK;
    links[at] = routedZone;
    links[at + 1] = node;
    links[at + 2] = routed;
    links[at + 3] = selection.clientClass();
    links[at + 4] = selection.leaf(0);
  }

  /**
   * Tells the time, in nanoseconds since anything; holds until it is told again. Once for a batch
   * of datagrams is enough.
   */
  public void tellTime(long nanos) {
    nowMicros = (int) (nanos / 1000);
  }

  /**
   * Tells how long a TCP connection may be idle at the moment, in milliseconds; holds until it is
   * told again. Clients learn the less of this and {@link AnswerSettings#tcpIdleTimeout()}.
   */
  public void limitIdle(long millis) {
    idleMillis = millis;
  }

  /**
   * Clears what the last query left and repeats the question.
   *
   * @param limit octets that the response may have, its OPT record not counted
   */
  void startResponse(int limit) {
    rcode = 0;
    flags = 0;
    scopeLength = 0;
    error = ExtendedError.NONE;
    end = query.questionEnd();
    this.limit = limit;
    clearSections();
    if (end > 0) {
      System.arraycopy(request, Header.LENGTH, response, Header.LENGTH, end - Header.LENGTH);
    }
  }

  /** There is data, but none that could be answered now. */
  void fail() {
    rcode = Rcode.SERVFAIL;
    error = ExtendedError.INVALID_DATA;
  }

  private void clearSections() {
    answers = 0;
    authorities = 0;
    additionals = 0;
  }

  /** Leaves question and OPT only, with TC: the client asks again over TCP (RFC 2181 §9). */
  void truncate() {
    flags |= Header.TC;
    end = query.questionEnd();
    clearSections();
    stats.count(Counter.TRUNCATED);
  }

  /** Whether the response is an error and has no records, OPT not counted. */
  boolean isBareError() {
    return rcode != Rcode.NOERROR && (answers | authorities | additionals) == 0;
  }

  boolean isTruncated() {
    return (flags & Header.TC) != 0;
  }

  int requestLength() {
    return requestLength;
  }

  long idleMillis() {
    return idleMillis;
  }

  /** Microseconds since anything; wraps round. */
  int nowMicros() {
    return nowMicros;
  }

  boolean tcp() {
    return tcp;
  }

  /** Whether a cookie shows that the client is where the query says it is. */
  boolean isProven() {
    return hasCookie && cookieValid;
  }
}
