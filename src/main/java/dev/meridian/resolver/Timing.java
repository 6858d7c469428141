package dev.meridian.resolver;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When a name is asked for again, in nanoseconds from the end of a look-up. */
final class Timing {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 10;

  private Timing() {}

  /**
   * When the TTL is over, and up to a tenth later, so that names learnt together part. Not before:
   * a cache would hand out the rest of the TTL, which is short-lived.
   */
  static long afterAnswer(ResolverSettings settings, long ttl, RandomGenerator random) {
    long wanted = Math.min(ttl, settings.longest().toSeconds()) * SECOND;
    return later(Math.max(wanted, settings.shortest().toNanos()), random);
  }

  /**
   * After the shortest time, twice that, and so on up to a minute.
   *
   * @param failures in a row, at least 1
   */
  static long afterFailure(ResolverSettings settings, int failures, RandomGenerator random) {
    long first = settings.shortest().toNanos();
    long wanted = first << Math.min(failures - 1, MAX_DOUBLINGS);
    return later(Math.min(wanted, Math.max(first, LONGEST_RETRY.toNanos())), random);
  }

  private static long later(long nanos, RandomGenerator random) {
    return nanos + random.nextLong(nanos / 10 + 1);
  }
}
