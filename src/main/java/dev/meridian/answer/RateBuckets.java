package dev.meridian.answer;

import dev.meridian.net.ClientAddress;
import dev.meridian.wire.Header;
import dev.meridian.wire.Rcode;
import java.util.random.RandomGenerator;

/**
 * What each client may still have, for all event loops together. A response needs a token of each
 * of three buckets:
 *
 * <pre>
 *   client and subject     rate       subject: the zone of an error, or any answer
 *   client                 2 x rate   whatever the subject
 *   network                32 x rate  whatever the client
 * </pre>
 *
 * <p>A client is an IPv4 address or an IPv6 /64; a network is an IPv4 /24 or an IPv6 /48. Names
 * play no part, so that random ones gain nothing. Errors have buckets of their own for each zone,
 * so that a resolver that is made to ask for names that do not exist still gets its answers.
 *
 * <p>A token stands for {@value #OCTETS_PER_TOKEN} octets: what floods a victim is octets, not
 * packets. The table is keyed with a secret, so that nobody can choose addresses that collide.
 *
 * <p>Thread-safe.
 */
public final class RateBuckets {
  /** Memory, whatever happens. */
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

  private final RateTable table;
  private final int subjectInterval;
  private final int clientInterval;
  private final int networkInterval;
  private final long key0;
  private final long key1;
  private final long key2;
  private final long key3;

  /**
   * All of them full.
   *
   * @param rate tokens a second, and at once; 1 to {@link RateLimitSettings#MAX_RATE}
   * @param random for the key; has to be secure where clients are strangers
   */
  public RateBuckets(int rate, RandomGenerator random) {
    subjectInterval = MICROS_PER_SECOND / rate;
    clientInterval = Math.max(1, subjectInterval / CLIENT_SCALE);
    networkInterval = Math.max(1, subjectInterval / NETWORK_SCALE);
    table = new RateTable(MEMORY_OCTETS, MICROS_PER_SECOND, MAX_TOKENS * subjectInterval);
    key0 = random.nextLong();
    key1 = random.nextLong();
    key2 = random.nextLong();
    key3 = random.nextLong() | 1;
  }

  /** Octets that the buckets take on the heap. */
  long memoryOctets() {
    return table.memoryOctets();
  }

  /** Pays for the response that lies in the context; false: there are no tokens left. */
  boolean pay(QueryContext context, int octets) {
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
}
