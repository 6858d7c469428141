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
   * @param location number of the place in the geo database
   * @param largest the largest prefix of them
   */
  record Cell(int location, int before, int after, Share share, Prefix largest) {}

  private final GeoDatabase geo;
  private final AddressSpace space;
  private final IdentityHashMap<PrefixPartition, IdentityHashMap<PrefixPartition, List<Cell>>>
      known = new IdentityHashMap<>();

  Meetings(GeoDatabase geo) {
    this.geo = geo;
    space = new AddressSpace(geo);
  }

  List<Cell> of(PrefixPartition before, PrefixPartition after) {
    return known
        .computeIfAbsent(before, _ -> new IdentityHashMap<>())
        .computeIfAbsent(after, _ -> walk(before, after));
  }

  private List<Cell> walk(PrefixPartition before, PrefixPartition after) {
    Tuples tuples = new Tuples();
    PrefixPartition combined =
        PrefixPartition.combine(
            List.of(before, after, geo.places(), space.counted()), tuples::number);
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

  /** An IPv6 prefix is compared by how much of 2000::/3 it is: three bits say which third it is. */
  private static boolean isLarger(boolean ipv4, int length, @Nullable Prefix than) {
    return than == null
        || (ipv4 ? length : length - 3) < (than.ipv4() ? than.length() : than.length() - 3);
  }
}
