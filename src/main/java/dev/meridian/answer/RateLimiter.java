package dev.meridian.answer;

import dev.meridian.net.ClientAddress;
import dev.meridian.policy.Dice;
import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import java.util.random.RandomGenerator;

/**
 * Response rate limiting, so that nobody is flooded through us by queries in their name. Judges a
 * response before it is sent; one for each event loop, owned by its thread.
 *
 * <pre>
 * TCP, valid cookie, exempt address      sent: the client is where it says
 * tokens left in all three buckets       sent
 *   client and subject                     rate       subject: the zone of an error, or any answer
 *   client                                 2 x rate   whatever the subject
 *   network                                32 x rate  whatever the client
 * no tokens, one in slip                 question with TC: no longer than the query; TCP helps
 * no tokens, the others                  nothing
 * </pre>
 *
 * <p>A client is an IPv4 address or an IPv6 /64; a network is an IPv4 /24 or an IPv6 /48. Names
 * play no part, so that random ones gain nothing. Errors have buckets of their own for each zone,
 * so that a resolver that is made to ask for names that do not exist still gets its answers.
 *
 * <p>A token stands for {@value #OCTETS_PER_TOKEN} octets: what floods a victim is octets, not
 * packets. The table is keyed with a secret, so that nobody can choose addresses that collide.
 */
public final class RateLimiter {
  /** Memory of all loops together. */
  public static final int MEMORY_OCTETS = 4 << 20;

  /** What one token pays for. */
  public static final int OCTETS_PER_TOKEN = 256;

  private static final int MAX_TOKENS = 4096 / OCTETS_PER_TOKEN;
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int CLIENT_SCALE = 2;
  private static final int NETWORK_SCALE = 32;
  private static final int SUBJECT_LEVEL = 0;
  private static final int CLIENT_LEVEL = 1;
  private static final int NETWORK_LEVEL = 2;
  private static final int ANSWERS = 0;

  /**
   * Tells the bucket for a client's answers from the client's own, beside which it lies: most
   * responses are answers, and find both in one cache line. Errors of a zone lie elsewhere, or who
   * asks for errors of many zones could push the client's own bucket out.
   */
  private static final long OTHER_TAG = 1L << Integer.SIZE;

  private static final long IPV4_NETWORK = -1L << 8;
  private static final long IPV6_NETWORK = -1L << 16;

  private final RateLimitSettings settings;
  private final int udpPayload;
  private final RateTable table;
  private final int subjectInterval;
  private final int clientInterval;
  private final int networkInterval;
  private final Dice dice;
  private final long key0;
  private final long key1;
  private final long key2;
  private final long key3;

  /**
   * A limiter for one of {@code loops} loops: each has its share of rate and memory, and the whole
   * burst, for a client's queries may all come to one loop.
   *
   * @param udpPayload what is announced in EDNS
   * @param loops 1 to 64
   * @param random for the key; has to be secure where clients are strangers
   */
  public RateLimiter(
      RateLimitSettings settings, int udpPayload, int loops, RandomGenerator random) {
    this.settings = settings;
    this.udpPayload = udpPayload;
    int interval = Math.max(1, loops * MICROS_PER_SECOND / settings.rate());
    subjectInterval = interval;
    clientInterval = Math.max(1, interval / CLIENT_SCALE);
    networkInterval = Math.max(1, interval / NETWORK_SCALE);
    table = new RateTable(MEMORY_OCTETS / loops, loops * MICROS_PER_SECOND, MAX_TOKENS * interval);
    dice = new Dice(random.nextLong());
    key0 = random.nextLong();
    key1 = random.nextLong();
    key2 = random.nextLong();
    key3 = random.nextLong() | 1;
  }

  /**
   * Judges the response that lies in the context.
   *
   * @param octets its length, 0 for none
   * @return the length of what is to be sent in its place; 0: stay silent
   */
  public int limit(QueryContext context, int octets) {
    if (octets == 0
        || context.tcp()
        || context.isProven()
        || settings.exempt().contains(context.source())
        || takes(context, octets)) {
      return octets;
    }
    context.stats().count(Counter.RATE_LIMITED);
    if (settings.slip() == 0 || dice.below(settings.slip()) != 0) {
      return 0;
    }
    return askOverTcp(context);
  }

  /** Octets that the buckets take on the heap. */
  long memoryOctets() {
    return table.memoryOctets();
  }

  private boolean takes(QueryContext context, int octets) {
    ClientAddress source = context.source();
    boolean ipv4 = source.isIpv4();
    long client = ipv4 ? source.low() : source.high();
    long network = client & (ipv4 ? IPV4_NETWORK : IPV6_NETWORK);
    int tokens = Math.min(MAX_TOKENS, (octets + OCTETS_PER_TOKEN - 1) / OCTETS_PER_TOKEN);
    int now = context.nowMicros();
    int subject = subject(context);
    long clientKey = key(client, CLIENT_LEVEL, ipv4, 0);
    long subjectKey =
        subject == ANSWERS ? clientKey ^ OTHER_TAG : key(client, SUBJECT_LEVEL, ipv4, subject);
    return table.take(subjectKey, tokens * subjectInterval, now)
        && table.take(clientKey, tokens * clientInterval, now)
        && table.take(key(network, NETWORK_LEVEL, ipv4, 0), tokens * networkInterval, now);
  }

  private long key(long prefix, int level, boolean ipv4, int subject) {
    long kind = (long) subject << 3 | level << 1 | (ipv4 ? 1 : 0);
    long mixed = fold(prefix ^ key0, kind ^ key1);
    return fold(mixed ^ key2, key3);
  }

  /** All 128 bits of a product, each of which depends on both factors. */
  private static long fold(long a, long b) {
    return a * b ^ Math.unsignedMultiplyHigh(a, b);
  }

  /** {@link #ANSWERS}; 1: an error outside of all zones; from 2 on: an error of a zone. */
  private static int subject(QueryContext context) {
    int rcode = context.response()[Header.FLAGS_OFFSET + 1] & 0xF;
    return rcode == Rcode.NOERROR ? ANSWERS : context.zone + 2;
  }

  /** Leaves header, question and a bare OPT record: at most what the query itself had. */
  private int askOverTcp(QueryContext context) {
    byte[] out = context.response();
    if (Octets.getShort(out, Header.QDCOUNT_OFFSET) == 0) {
      return 0; // an error about something that is no question; TCP would not mend it
    }
    context.stats().count(Counter.RATE_SLIPPED);
    boolean edns = context.query.edns();
    int flags = context.query.flags() & (Header.RD | Header.CD);
    Octets.putShort(out, Header.FLAGS_OFFSET, Header.QR | Header.TC | flags);
    Octets.putShort(out, Header.ANCOUNT_OFFSET, 0);
    Octets.putShort(out, Header.NSCOUNT_OFFSET, 0);
    Octets.putShort(out, Header.ARCOUNT_OFFSET, edns ? 1 : 0);
    int end = context.query.questionEnd();
    return edns ? OptWriter.writeBare(context, end, udpPayload) : end;
  }
}
