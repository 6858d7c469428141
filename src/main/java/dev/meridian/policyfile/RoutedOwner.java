package dev.meridian.policyfile;

import dev.meridian.policy.Target;
import dev.meridian.wire.DomainName;
import java.util.Set;

/**
 * A name that policies answer for. A policy file has one for a name and all its types; Route 53 has
 * one for each type, which share nothing.
 *
 * @param ttl seconds, of every answer that comes from an endpoint; answers through an alias have
 *     that of the records it leads to; negative: each endpoint's records have their own
 * @param target endpoints in it are shared by all names that use them
 * @param types what the endpoints below it answer, aliases not followed
 * @param aliased whether an alias is below it, which may add types; an alias that answers just
 *     {@code types} adds none
 * @param ttlFloor seconds to which the TTL falls with health; negative: it does not
 * @param position of the name in its file, see {@link dev.meridian.source.SourceFiles}
 */
public record RoutedOwner(
    DomainName owner,
    long ttl,
    int ttlFloor,
    Target target,
    Set<Integer> types,
    boolean aliased,
    long position) {
  /** Copies the set. */
  public RoutedOwner {
    types = Set.copyOf(types);
  }
}
