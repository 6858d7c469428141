package dev.meridian.policy;

import dev.meridian.net.ClientAddress;

/**
 * Rendezvous hashing: every client has a number for every candidate, and goes where it is best. A
 * candidate that leaves takes along only those who went there, and one that comes takes only those
 * who now go there; nobody else moves.
 *
 * <p>With {@code u} the client's number for a candidate of weight {@code w}, evenly spread over 0
 * to 1, the smallest {@code -log(u) / w} wins. Those are exponential variables of rate {@code w},
 * so each candidate wins with probability {@code w / sum} exactly. The logarithm is integer
 * arithmetic, right to 2^-48: every server of a fleet computes the same.
 */
final class Rendezvous {
  /** Binary places of a {@link #cost}. */
  static final int FRACTION_BITS = 56;

  private static final int TABLE_BITS = 10;

  /** log2(1 + i/1024), with FRACTION_BITS places. */
  private static final long[] LOG2 = table();

  /** 1 / ln 2, with 62 places. */
  private static final long PER_LN2 = Math.round(1 / StrictMath.log(2) * 0x1p52) << 10;

  private Rendezvous() {}

  private static long[] table() {
    long[] table = new long[1 << TABLE_BITS];
    for (int i = 0; i < table.length; i++) {
      double log = StrictMath.log1p((double) i / table.length) / StrictMath.log(2);
      table[i] = Math.round(log * 0x1p56);
    }
    return table;
  }

  /**
   * Two numbers to one, each bit of which depends on all of theirs (the finalizer of MurmurHash3).
   */
  static long mix(long a, long b) {
    long h = (a * 0x9E3779B97F4A7C15L) ^ b;
    h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }

  /** The number of a candidate below what leads to it. */
  static long key(long path, String id) {
    long hash = mix(path, id.length());
    for (int i = 0; i < id.length(); i++) {
      hash = mix(hash, id.charAt(i));
    }
    return hash;
  }

  /** The number of all clients that share so many bits with this one. */
  static long client(ClientAddress client, int bits) {
    if (client.isIpv4()) {
      return mix(4, client.low() >>> (32 - bits));
    }
    long high = bits >= 64 ? client.high() : client.high() >>> (64 - bits);
    long low = bits <= 64 ? 0 : client.low() >>> (128 - bits);
    return mix(mix(6, high), low);
  }

  /**
   * -log2 of a fraction of 2^64, the hash taken as unsigned: above 0, to 64, with {@link
   * #FRACTION_BITS} places.
   */
  static long cost(long hash) {
    long x = hash | 1;
    int zeros = Long.numberOfLeadingZeros(x);
    long mantissa = x << zeros; // of 1 to 2, with 63 places
    int i = (int) (mantissa >>> (63 - TABLE_BITS)) & ((1 << TABLE_BITS) - 1);
    long rest = mantissa & ((1L << (63 - TABLE_BITS)) - 1);
    // mantissa = (1 + i/1024) * (1 + d), d with 63 places
    long d = (rest << TABLE_BITS) / ((1 << TABLE_BITS) + i);
    long d2 = Math.multiplyHigh(d, d) << 1;
    long d3 = Math.multiplyHigh(d2, d) << 1;
    long d4 = Math.multiplyHigh(d3, d) << 1;
    long ln = d - d2 / 2 + d3 / 3 - d4 / 4;
    long log2 = LOG2[i] + (Math.multiplyHigh(ln, PER_LN2) >>> (61 - FRACTION_BITS));
    return Math.max(1, ((zeros + 1L) << FRACTION_BITS) - log2);
  }

  /** Whether {@code cost / weight} is less than {@code otherCost / otherWeight}. */
  static boolean isBetter(long cost, long weight, long otherCost, long otherWeight) {
    long high = Math.multiplyHigh(cost, otherWeight);
    long otherHigh = Math.multiplyHigh(otherCost, weight);
    return high != otherHigh
        ? high < otherHigh
        : Long.compareUnsigned(cost * otherWeight, otherCost * weight) < 0;
  }
}
