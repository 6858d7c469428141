package dev.meridian.publish;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A good set that is kept in the state folder, to be served again when the files are gone, broken
 * or regretted.
 *
 * @param generation under which it was served last from the files; over restarts, too
 * @param at when that was; wall clock
 * @param reason what asked for that load
 * @param earlier generations under which the same set was served before, the newest first
 * @param digest of its files: two sets with one digest say the same
 * @param geo names its geo database in the state folder; empty: the one that is built in
 * @param look what the files looked like from outside, to recognize them without reading them;
 *     files that look different may say the same all the same; empty: not known
 */
public record KeptSet(
    long generation,
    Instant at,
    String reason,
    List<Long> earlier,
    String digest,
    String geo,
    String look) {
  private static final int MAX_EARLIER = 1000;

  /** Copies the list. */
  public KeptSet {
    earlier = List.copyOf(earlier);
  }

  /** Whether it was served under that generation, now or before. */
  boolean is(long wanted) {
    return generation == wanted || earlier.contains(wanted);
  }

  boolean saysTheSameAs(KeptSet other) {
    return digest.equals(other.digest) && geo.equals(other.geo);
  }

  /** Whether files that look like that are known to say the same. */
  boolean looksLike(String other) {
    return !look.isEmpty() && look.equals(other);
  }

  /** The same after it had been served before, too. */
  KeptSet after(KeptSet before) {
    List<Long> all =
        Stream.of(earlier.stream(), Stream.of(before.generation), before.earlier.stream())
            .flatMap(each -> each)
            .limit(MAX_EARLIER)
            .toList();
    return new KeptSet(generation, at, reason, all, digest, geo, look);
  }
}
