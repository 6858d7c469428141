package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.Changes;
import dev.meridian.source.InputStamp;
import dev.meridian.source.LoadLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads and compiles one zone folder again and again. Zones that nothing has changed for since the
 * last time are taken over as they are, compiled objects and all.
 *
 * <p>Owned by one thread.
 */
public final class RepeatedLoad {
  private final Path folder;
  private final LoadLimits limits;
  private final HealthRegistry registry;
  private final ZoneMemory memory = new ZoneMemory();
  private @Nullable InputStamp latencyTable;

  /** Since what is remembered was loaded. */
  private Changes pending = Changes.ANY;

  /** Loads of a folder. */
  public RepeatedLoad(Path folder, LoadLimits limits, HealthRegistry registry) {
    this.folder = folder;
    this.limits = limits;
    this.registry = registry;
  }

  /** Loads the folder, whatever may have changed in it. */
  public LoadedSet load(Supplier<GeoDatabase> geo) {
    return load(Changes.ANY, geo);
  }

  /**
   * Loads the folder, as {@link ZoneSetLoader#load} does.
   *
   * @param changes since the load before
   * @param geo the database that the set will be compiled for; asked for if it matters already
   */
  public LoadedSet load(Changes changes, Supplier<GeoDatabase> geo) {
    pending = pending.plus(changes);
    latencyTable = ZoneMemory.stamp(folder.resolve(ZoneSetLoader.LATENCY_TABLE));
    ZoneReader reader = ZoneReader.ofZones(folder, limits, registry);
    return new ZoneSetLoader(folder, limits, reader).load(memory, pending, geo, latencyTable);
  }

  /**
   * Compiles what {@link #load} has brought just now, as {@link SetCompiler#compile} does.
   *
   * @param geo the database that it was loaded for
   */
  public Optional<CompiledSet> compile(LoadedSet set, GeoDatabase geo) {
    Optional<CompiledSet> compiled = SetCompiler.compile(set, geo, memory.served());
    compiled.ifPresent(
        done -> {
          memory.remember(set, done, latencyTable);
          pending = Changes.NONE;
        });
    return compiled;
  }
}
