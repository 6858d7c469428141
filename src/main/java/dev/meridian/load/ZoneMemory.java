package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.load.Sources.Source;
import dev.meridian.policy.ClientSpace;
import dev.meridian.source.Changes;
import dev.meridian.source.InputStamp;
import dev.meridian.source.Inputs;
import dev.meridian.source.TrackedFiles;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the newest load that compiled has left, so that the next one does only what has changed. A
 * zone is taken over if all of this is the same:
 *
 * <pre>
 * its files, included and attached ones too: nobody says that they may have changed, or by their
 *   stamps or, in doubt, by their content
 * which of the files are there that it may have beside it
 * which zones its aliases lead to, and these zones
 * the geo database and the latency table, if policies answer for some of its names
 * </pre>
 *
 * Owned by the thread that loads.
 */
final class ZoneMemory {
  private Carried zones = Carried.nothing();
  private Zones served = Zones.EMPTY;
  private @Nullable ClientSpace space;
  private @Nullable InputStamp latencyTable;
  private Set<String> beside = Set.of();

  boolean isEmpty() {
    return served.size() == 0;
  }

  /** The space of the newest load, if it can be the next one's as well. */
  Optional<ClientSpace> space(GeoDatabase geo, @Nullable InputStamp table) {
    return Optional.ofNullable(space)
        .filter(known -> known.geo() == geo && Objects.equals(table, latencyTable));
  }

  /** The zones of the newest load. */
  Zones served() {
    return served;
  }

  /** Which files were there that belong to no zone. */
  Set<String> beside() {
    return beside;
  }

  /** What a zone was when it was loaded the last time, if it was. */
  @Nullable KnownZone known(DomainName apex) {
    return zones.get(apex);
  }

  /**
   * The zones that can be taken over if nothing has changed but the content of some files, so that
   * the folder has the same zones, or policy files that came or went: what this costs goes by the
   * changes and by zones that are {@linkplain KnownZone#isRemarkable more than their records}.
   *
   * @param changes since then
   * @param table what the latency table looks like; null: there is none
   * @return null: that may not be so
   */
  @Nullable Carried edited(
      Path folder, Changes changes, Supplier<GeoDatabase> geo, @Nullable InputStamp table) {
    if (changes.any() || isEmpty()) {
      return null;
    }
    Map<Integer, Source> changed = new HashMap<>();
    BitSet touched = new BitSet();
    for (String name : changes.names()) {
      if (!name.contains("/")) { // else read by zones that include it, if at all
        Source source = zoneOf(name, isThere(folder.resolve(name)));
        if (source == null) {
          return null;
        }
        boolean isSame = source.equals(zones.sources().get(source.number()));
        if (isSame) {
          touched.set(source.number());
        } else {
          changed.put(source.number(), source);
        }
      }
    }
    return space(geo.get(), table).isPresent() ? edited(changed.values(), touched) : null;
  }

  /** The zone that a file is one of, as it is now; null: that is no zone of before. */
  private @Nullable Source zoneOf(String file, boolean isThere) {
    DomainName apex = FolderListing.apexOf(file);
    Source source = apex == null ? null : zones.sources().at(apex);
    if (source == null || source.file().equals(file)) {
      return isThere ? source : null;
    }
    return FolderListing.withPolicy(source, file, isThere);
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * @param changed zones that have got or lost a policy file
   * @param touched numbers of zones whose own files may have changed
   */
  private Carried edited(Collection<Source> changed, BitSet touched) {
    Carried same = zones.again(changed);
    BitSet suspects = zones.remarkable();
    suspects.or(touched);
    long now = TrackedFiles.now();
    for (int number = suspects.nextSetBit(0);
        number >= 0;
        number = suspects.nextSetBit(number + 1)) {
      KnownZone known = same.get(number);
      if (known != null && (touched.get(number) || !known.alone())) {
        Inputs inputs = known.origin().inputs().stillSame(now);
        if (inputs == null) {
          same.remove(number);
        } else {
          same.put(number, known.with(inputs));
        }
      }
    }
    return same;
  }

  /**
   * The zones of a folder whose files say the same still. Other zones may yet change them.
   *
   * @param changes since then
   * @param geo asked for only if it matters
   * @param table what the latency table looks like; null: there is none
   */
  Carried unchanged(
      Sources sources, Changes changes, Supplier<GeoDatabase> geo, @Nullable InputStamp table) {
    Carried same = Carried.none(sources);
    if (isEmpty()) {
      return same;
    }
    boolean routed = space(geo.get(), table).isPresent();
    long now = TrackedFiles.now();
    for (Source source : sources.all()) {
      KnownZone known = zones.get(source.apex());
      if (known != null && (routed || !known.routed()) && known.fits(source, sources)) {
        boolean untouched = known.isUntouched(changes, source);
        Inputs inputs = known.origin().inputs();
        Inputs checked = untouched ? inputs : inputs.stillSame(now);
        if (checked != null) {
          same.put(source.number(), known.with(checked));
        }
      }
    }
    return same;
  }

  /** Takes note of a set that has compiled; what it carried is the memory's own from here on. */
  void remember(LoadedSet set, CompiledSet compiled, @Nullable InputStamp table) {
    served = compiled.zones();
    zones = set.carried().in(served);
    for (LoadedZone loaded : set.zones()) {
      Source source = Objects.requireNonNull(zones.sources().at(loaded.apex()));
      Zone zone = served.get(source.number());
      zones.put(source.number(), KnownZone.of(loaded, zone, source, zones.sources()));
    }
    beside = set.beside();
    space = compiled.space();
    latencyTable = table;
  }

  /** What a file looks like that need not be there; null: it is not. */
  static @Nullable InputStamp stamp(Path file) {
    try {
      return InputStamp.of(file);
    } catch (IOException e) {
      return null;
    }
  }
}
