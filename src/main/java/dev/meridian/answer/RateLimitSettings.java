package dev.meridian.answer;

import dev.meridian.net.PrefixSet;

/**
 * How much of the server one client may have over UDP before it has shown that it is there.
 *
 * @param rate responses a second and client, of {@link RateBuckets#OCTETS_PER_TOKEN} octets; 1 to
 *     {@link #MAX_RATE}
 * @param slip every how many limited responses one tells the client to come over TCP; 0: none
 * @param exempt clients that are never limited
 */
public record RateLimitSettings(int rate, int slip, PrefixSet exempt) {
  /** More than this is better left to a packet filter. */
  public static final int MAX_RATE = 10_000;

  /** Checks the ranges. */
  public RateLimitSettings {
    if (rate < 1 || rate > MAX_RATE || slip < 0) {
      throw new IllegalArgumentException("rate " + rate + ", slip " + slip);
    }
  }
}
