package dev.meridian.rr;

import dev.meridian.wire.DomainName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What names that are not served here resolve to, at one moment. Immutable. */
public final class ResolvedNames {
  /** Before anything was asked. */
  public static final ResolvedNames EMPTY = new ResolvedNames(Map.of());

  private final Map<DomainName, ResolvedName> names;

  private ResolvedNames(Map<DomainName, ResolvedName> names) {
    this.names = names;
  }

  /** Those names; of two with one name the last counts. */
  public static ResolvedNames of(Collection<ResolvedName> all) {
    Map<DomainName, ResolvedName> names = HashMap.newHashMap(all.size());
    all.forEach(each -> names.put(each.name(), each));
    return names.isEmpty() ? EMPTY : new ResolvedNames(names);
  }

  /** What is known of a name, which may be nothing. */
  public ResolvedName find(DomainName name) {
    ResolvedName known = names.get(name);
    return known == null ? ResolvedName.unknown(name) : known;
  }

  /** All that is known. */
  public Collection<ResolvedName> all() {
    return names.values();
  }

  /**
   * The names of which another thing is known in {@code next}; a name that stayed is one object.
   */
  public Set<DomainName> changes(ResolvedNames next) {
    Set<DomainName> changes = new HashSet<>();
    names.forEach((name, known) -> note(changes, name, !known.equals(next.names.get(name))));
    next.names.keySet().forEach(name -> note(changes, name, !names.containsKey(name)));
    return changes;
  }

  private static void note(Set<DomainName> changes, DomainName name, boolean changed) {
    if (changed) {
      changes.add(name);
    }
  }
}
