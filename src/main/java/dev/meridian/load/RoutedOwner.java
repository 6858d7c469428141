package dev.meridian.load;

import dev.meridian.policy.Target;
import dev.meridian.wire.DomainName;
import java.util.Set;

/**
 * A name that a policy file answers for.
 *
 * @param ttl seconds, of every answer that comes from an endpoint; answers through an alias have
 *     that of the records it leads to
 * @param target endpoints in it are shared by all names that use them
 * @param types what the endpoints below it answer, aliases not followed
 * @param aliased whether an alias is below it, which may add types
 * @param position of the name in the policy file, see {@link SourceFiles}
 */
public record RoutedOwner(
    DomainName owner, long ttl, Target target, Set<Integer> types, boolean aliased, long position) {
  /** Copies the set. */
  public RoutedOwner {
    types = Set.copyOf(types);
  }
}
