package dev.meridian.load;

import dev.meridian.load.Sources.Source;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The zones of a load that an earlier one has compiled: taken over as they are, by number. A load
 * takes out those that turn out to have changed, and puts in their places what it has made of them.
 *
 * <p>Most of a hundred thousand zones are nothing but their records, and a load has nothing to do
 * for them. The others, {@linkplain KnownZone#isRemarkable remarkable} ones, are known by a set of
 * bits, so that an edit need not go over all. Owned by the thread that loads.
 */
public final class Carried {
  private final Sources sources;

  /** By number; null where there is none. */
  private final @Nullable KnownZone[] zones;

  private final BitSet remarkable;

  /** Numbers of those that are not taken over. */
  private final BitSet missing;

  /** Whether the earlier load had the same zones under the same numbers. */
  private final boolean alike;

  private Carried(
      Sources sources,
      @Nullable KnownZone[] zones,
      BitSet remarkable,
      BitSet missing,
      boolean alike) {
    this.sources = sources;
    this.zones = zones;
    this.remarkable = remarkable;
    this.missing = missing;
    this.alike = alike;
  }

  /** Nothing of no zones. */
  public static Carried nothing() {
    return none(Sources.NONE);
  }

  /** Nothing yet of these zones. */
  static Carried none(Sources sources) {
    BitSet all = new BitSet();
    all.set(0, sources.size());
    KnownZone[] zones = new KnownZone[sources.size()];
    return new Carried(sources, zones, new BitSet(), all, false);
  }

  /**
   * All of these once more, for a load that has the same zones: one copy of references.
   *
   * @param changed sources of zones that have other files now
   */
  Carried again(Collection<Source> changed) {
    Carried again =
        new Carried(
            sources.with(changed),
            zones.clone(),
            (BitSet) remarkable.clone(),
            (BitSet) missing.clone(),
            true);
    changed.forEach(source -> again.remove(source.number()));
    return again;
  }

  /** These from now on found by what is served; the other table of names can go. */
  Carried in(Zones served) {
    return new Carried(sources.in(served), zones, remarkable, missing, alike);
  }

  Sources sources() {
    return sources;
  }

  boolean isEmpty() {
    return missing.cardinality() == zones.length;
  }

  /** Null: it is not taken over. */
  @Nullable KnownZone get(int number) {
    return zones[number];
  }

  /** The same by name. */
  @Nullable KnownZone get(DomainName apex) {
    Source source = sources.at(apex);
    return source == null ? null : zones[source.number()];
  }

  void put(int number, KnownZone zone) {
    zones[number] = zone;
    missing.clear(number);
    remarkable.set(number, zone.isRemarkable());
  }

  /**
   * Takes one out.
   *
   * @return whether it was there
   */
  boolean remove(int number) {
    boolean there = zones[number] != null;
    zones[number] = null;
    missing.set(number);
    remarkable.clear(number);
    return there;
  }

  /** Numbers of those that a load has to go over whatever has changed. */
  BitSet remarkable() {
    return (BitSet) remarkable.clone();
  }

  /** Numbers of those that are not taken over. */
  BitSet missing() {
    return (BitSet) missing.clone();
  }

  /**
   * All zones of the load.
   *
   * @param built those that are not taken over, by number
   * @param before those of the earlier load
   */
  Zones zones(Map<Integer, Zone> built, Zones before) {
    if (alike) {
      return before.with(built);
    }
    List<Zone> all = new ArrayList<>(zones.length);
    for (int i = 0; i < zones.length; i++) {
      KnownZone known = zones[i];
      all.add(known == null ? Objects.requireNonNull(built.get(i)) : known.zone());
    }
    return Zones.of(all, before);
  }
}
