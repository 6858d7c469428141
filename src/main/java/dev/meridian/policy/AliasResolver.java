package dev.meridian.policy;

import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import org.jspecify.annotations.Nullable;

/** Finds what an alias points at, in all the zones that are compiled together. */
public interface AliasResolver {
  /** What policies say about a name and type; null if none does. */
  @Nullable RoutedName routed(DomainName name, int type);

  /** Whether a name is outside of all these zones, so that nothing is known of its records. */
  boolean isElsewhere(DomainName name);

  /** The zone file's records of a name and type; null if there are none. */
  @Nullable RRset records(DomainName name, int type);

  /**
   * A name that policies answer for.
   *
   * @param ttl seconds for all its answers; negative: the TTLs of the records it is made of
   * @param ttlFloor seconds to which the TTL falls as endpoints come near to being down; negative:
   *     it does not
   */
  record RoutedName(DomainName owner, Target target, long ttl, int ttlFloor) {
    /** A name whose TTL does not follow health. */
    public RoutedName(DomainName owner, Target target, long ttl) {
      this(owner, target, ttl, -1);
    }
  }
}
