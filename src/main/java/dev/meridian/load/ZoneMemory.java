package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.policy.ClientSpace;
import dev.meridian.source.Changes;
import dev.meridian.source.InputStamp;
import dev.meridian.source.Inputs;
import dev.meridian.source.TrackedFiles;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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
 * its files, included and attached ones too, by their stamps or, in doubt, by their content
 * which of the files are there that it may have beside it
 * which zones its aliases lead to, and these zones
 * the geo database and the latency table, if policies answer for some of its names
 * </pre>
 *
 * Owned by the thread that loads.
 */
final class ZoneMemory {
  private Map<DomainName, KnownZone> zones = Map.of();
  private Zones served = Zones.EMPTY;
  private @Nullable ClientSpace space;
  private @Nullable InputStamp latencyTable;

  /** A zone as the listing of the folder has it. */
  record Source(DomainName apex, String file, @Nullable String policy, Set<String> beside) {}

  /** The space of the newest load, if it can be the next one's as well. */
  Optional<ClientSpace> space(GeoDatabase geo, @Nullable InputStamp table) {
    return Optional.ofNullable(space)
        .filter(known -> known.geo() == geo && Objects.equals(table, latencyTable));
  }

  /** The zones of the newest load. */
  Zones served() {
    return served;
  }

  /** What a zone was when it was loaded the last time, if it was. */
  @Nullable KnownZone known(DomainName apex) {
    return zones.get(apex);
  }

  /**
   * The zones whose files say the same still. Other zones may yet change them.
   *
   * @param changes since then
   * @param geo asked for only if it matters
   * @param table what the latency table looks like; null: there is none
   */
  Map<DomainName, KnownZone> unchanged(
      Collection<Source> sources,
      Changes changes,
      Finder apexes,
      Supplier<GeoDatabase> geo,
      @Nullable InputStamp table) {
    Map<DomainName, KnownZone> same = new HashMap<>();
    if (zones.isEmpty()) {
      return same;
    }
    boolean routed = space(geo.get(), table).isPresent();
    long now = TrackedFiles.now();
    for (Source source : sources) {
      KnownZone known = zones.get(source.apex);
      if (known != null
          && known.origin().beside().equals(source.beside)
          && (routed || !known.routed())
          && known.leadsTo().entrySet().stream()
              .allMatch(to -> apexes.find(to.getKey()).equals(to.getValue()))) {
        Inputs inputs = known.origin().inputs();
        if (!known.isUntouched(changes, source)) {
          inputs = inputs.stillSame(now);
        }
        if (inputs != null) {
          same.put(source.apex, known.with(inputs));
        }
      }
    }
    return same;
  }

  /** Tells which of the zones of a folder a name is in. */
  static final class Finder implements KnownZone.ApexFinder {
    private final Map<DomainName, Source> sources;

    /**
     * @param sources by apex
     */
    Finder(Map<DomainName, Source> sources) {
      this.sources = sources;
    }

    @Override
    public Optional<DomainName> find(DomainName name) {
      DomainName at = name;
      while (!sources.containsKey(at)) {
        if (at.equals(DomainName.ROOT)) {
          return Optional.empty();
        }
        at = at.parent();
      }
      return Optional.of(at);
    }

    /** The source of a zone that {@link #find} has named. */
    Source source(DomainName apex) {
      Source source = sources.get(apex);
      if (source == null) {
        throw new IllegalArgumentException(apex + " is not in the folder");
      }
      return source;
    }
  }

  /** Which zones have to be read because others were: an alias sees the records it leads to. */
  static final class Spread {
    private final Map<DomainName, KnownZone> unchanged;
    private final Finder apexes;
    private final Map<DomainName, List<DomainName>> ledFrom = new HashMap<>();
    private final Deque<Source> toRead = new ArrayDeque<>();

    /**
     * @param unchanged those that change after all are taken out
     */
    Spread(Collection<Source> sources, Map<DomainName, KnownZone> unchanged, Finder apexes) {
      this.unchanged = unchanged;
      this.apexes = apexes;
      unchanged.forEach(
          (apex, known) ->
              known
                  .leadsTo()
                  .values()
                  .forEach(
                      to ->
                          to.ifPresent(
                              other ->
                                  ledFrom
                                      .computeIfAbsent(other, _ -> new ArrayList<>())
                                      .add(apex))));
      for (Source source : sources) {
        if (!unchanged.containsKey(source.apex)) {
          toRead.add(source);
        }
      }
    }

    /** The next zone to read; null: none is left. */
    @Nullable Source next() {
      return toRead.poll();
    }

    /** Draws in the zones that lead to one that was read, and those that it leads to. */
    void hasRead(Source source, Optional<LoadedZone> zone) {
      if (unchanged.isEmpty()) {
        return;
      }
      ledFrom.getOrDefault(source.apex, List.of()).forEach(this::draw);
      zone.ifPresent(
          read -> read.aliases().forEach(name -> apexes.find(name).ifPresent(this::draw)));
    }

    private void draw(DomainName apex) {
      if (unchanged.remove(apex) != null) {
        toRead.add(apexes.source(apex));
      }
    }
  }

  /** Takes note of a set that has compiled. */
  void remember(LoadedSet set, CompiledSet compiled, @Nullable InputStamp table) {
    Map<DomainName, KnownZone> fresh = HashMap.newHashMap(set.order().size());
    fresh.putAll(set.unchanged());
    Zones built = compiled.zones();
    LookupName name = new LookupName();
    for (LoadedZone loaded : set.zones()) {
      name.set(loaded.apex());
      fresh.put(
          loaded.apex(),
          KnownZone.of(loaded, built.get(built.find(name, 0)), alias -> apex(built, alias)));
    }
    zones = fresh;
    served = built;
    space = compiled.space();
    latencyTable = table;
  }

  private static Optional<DomainName> apex(Zones built, DomainName name) {
    LookupName wanted = new LookupName();
    wanted.set(name);
    int zone = built.find(wanted, 0);
    return zone < 0 ? Optional.empty() : Optional.of(built.get(zone).apex());
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
