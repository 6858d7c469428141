package dev.meridian.source;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which files of a folder may say something else than at an earlier moment: some that are known by
 * name, or any. Immutable.
 *
 * @param any whether it may be any file
 * @param names of the files, relative to the folder, with {@code /} between the parts; empty if it
 *     may be any
 */
public record Changes(boolean any, Set<String> names) {
  /** Nobody knows: all of them are to be looked at. */
  public static final Changes ANY = new Changes(true, Set.of());

  /** Not one. */
  public static final Changes NONE = new Changes(false, Set.of());

  /** Copies the set. */
  public Changes {
    names = Set.copyOf(names);
  }

  /** These files and no other. */
  public static Changes of(Collection<String> names) {
    return new Changes(false, Set.copyOf(names));
  }

  /** What may be another file after both. */
  public Changes plus(Changes later) {
    if (any || later.any) {
      return ANY;
    }
    if (names.isEmpty()) {
      return later;
    }
    Set<String> all = new HashSet<>(names);
    all.addAll(later.names);
    return new Changes(false, all);
  }

  /** Whether it may be this file. */
  public boolean has(String name) {
    return any || names.contains(name);
  }
}
