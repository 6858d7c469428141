package dev.meridian.analysis;

import dev.meridian.analysis.AddressSpace.Share;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks two partitions of the address space side by side. Names that tell clients apart in the same
 * way share a walk, so that ten thousand names cost no more than the few ways there are. Owned by
 * one thread.
 */
final class Meetings {
  /**
   * Clients of one class before, of one after, and of one place.
   *
   * @param location number of the place in the geo database; 0 if places are not told apart
   * @param largest the largest prefix of them
   */
  record Cell(int location, int before, int after, Share share, Prefix largest) {}

  private static final PrefixPartition ANYWHERE = PrefixPartition.uniform(0);

  private static final int FAMILIES = 2;
  private static final List<Cell> EVERYBODY =
      List.of(new Cell(0, 0, 0, new Share(1, 1), new Prefix(true, 0, 0, 0)));

  private final PrefixPartition places;
  private final AddressSpace space;
  private final IdentityHashMap<PrefixPartition, IdentityHashMap<PrefixPartition, List<Cell>>>
      known = new IdentityHashMap<>();

  private Meetings(PrefixPartition places, AddressSpace space) {
    this.places = places;
    this.space = space;
  }

  /** Walks that tell the places of a geo database apart. */
  static Meetings byPlace(GeoDatabase geo) {
    return new Meetings(geo.places(), new AddressSpace(geo));
  }

  /** Walks that do not, and so are much shorter. */
  static Meetings anywhere(AddressSpace space) {
    return new Meetings(ANYWHERE, space);
  }

  List<Cell> of(PrefixPartition before, PrefixPartition after) {
    return known
        .computeIfAbsent(before, _ -> new IdentityHashMap<>())
        .computeIfAbsent(after, _ -> walk(before, after));
  }

  private List<Cell> walk(PrefixPartition before, PrefixPartition after) {
    if (isUniform(before) && isUniform(after) && isUniform(places)) {
      return EVERYBODY;
    }
    Tuples tuples = new Tuples();
    PrefixPartition combined =
        PrefixPartition.combine(List.of(before, after, places, space.counted()), tuples::number);
    Share[] shares = new Share[tuples.size()];
    Prefix[] largest = new Prefix[tuples.size()];
    combined.forEach(
        (ipv4, high, low, length, number) -> {
          boolean counts = tuples.tuple(number)[3] == 1;
          Share part = counts ? space.share(ipv4, Math.scalb(1.0, -length)) : Share.NONE;
          shares[number] = shares[number] == null ? part : shares[number].plus(part);
          if (isLarger(ipv4, length, largest[number])) {
            largest[number] = new Prefix(ipv4, high, low, length);
          }
        });
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      int[] tuple = tuples.tuple(i);
      cells.add(new Cell(tuple[2], tuple[0], tuple[1], shares[i], largest[i]));
    }
    return List.copyOf(cells);
  }

  private static boolean isUniform(PrefixPartition partition) {
    return partition.runs() == FAMILIES;
  }

  /** An IPv6 prefix is compared by how much of 2000::/3 it is: three bits say which third it is. */
  private static boolean isLarger(boolean ipv4, int length, @Nullable Prefix than) {
    return than == null
        || (ipv4 ? length : length - 3) < (than.ipv4() ? than.length() : than.length() - 3);
  }
}
