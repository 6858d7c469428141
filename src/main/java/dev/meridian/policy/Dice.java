package dev.meridian.policy;

/**
 * The random numbers of one event loop: xorshift64*, seeded, owned by one thread. Good enough to
 * spread clients; never to be used for anything secret.
 */
public final class Dice {
  private long state;

  /** Equal seeds throw equal numbers. */
  public Dice(long seed) {
    long mixed = (seed + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    state = mixed == 0 ? 1 : mixed;
  }

  /** 64 random bits. */
  public long next() {
    state ^= state >>> 12;
    state ^= state << 25;
    state ^= state >>> 27;
    return state * 0x2545F4914F6CDD1DL;
  }

  /** A number from 0 to {@code bound}-1, each as likely as any other; {@code bound} is positive. */
  public long below(long bound) {
    long thrown = next();
    long rest = thrown * bound;
    return Long.compareUnsigned(rest, bound) < 0
        ? belowExactly(thrown, bound)
        : Math.unsignedMultiplyHigh(thrown, bound);
  }

  /**
   * Throws again where 2^64 is not a multiple of the bound (Lemire, "Fast Random Integer Generation
   * in an Interval", 2019); asked once in 2^64 / bound throws.
   */
  private long belowExactly(long first, long bound) {
    long thrown = first;
    long uneven = Long.remainderUnsigned(-bound, bound);
    while (Long.compareUnsigned(thrown * bound, uneven) < 0) {
      thrown = next();
    }
    return Math.unsignedMultiplyHigh(thrown, bound);
  }
}
