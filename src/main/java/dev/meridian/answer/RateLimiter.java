package dev.meridian.answer;

import dev.meridian.policy.Dice;
import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;

/**
 * Response rate limiting, so that nobody is flooded through us by queries in their name. Judges a
 * response before it is sent; one for each event loop, owned by its thread.
 *
 * <pre>
 * TCP, valid cookie, exempt address      sent: the client is where it says
 * tokens left in the {@link RateBuckets} sent
 * no tokens, one in slip                 question with TC: no longer than the query; TCP helps
 * no tokens, the others                  nothing
 * </pre>
 */
public final class RateLimiter {
  private final RateLimitSettings settings;
  private final RateBuckets buckets;
  private final int udpPayload;
  private final Dice dice;

  /**
   * A limiter for one loop.
   *
   * @param buckets which all loops share
   * @param udpPayload what is announced in EDNS
   * @param seed of what is left to chance
   */
  public RateLimiter(RateLimitSettings settings, RateBuckets buckets, int udpPayload, long seed) {
    this.settings = settings;
    this.buckets = buckets;
    this.udpPayload = udpPayload;
    this.dice = new Dice(seed);
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
        || buckets.pay(context, octets)) {
      return octets;
    }
    context.stats().count(Counter.RATE_LIMITED);
    if (settings.slip() == 0 || dice.below(settings.slip()) != 0) {
      return 0;
    }
    return askOverTcp(context);
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
