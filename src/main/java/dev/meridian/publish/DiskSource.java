package dev.meridian.publish;

import dev.meridian.config.ServerConfig;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.health.CheckOrder;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.RepeatedLoad;
import dev.meridian.load.RoutingTestReader;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.Changes;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the zones folder and the geo databases, side by side, and compiles the one for the other.
 * What has not changed is not read again.
 */
public final class DiskSource implements StateSource {
  private static final int MIB = 1 << 20;

  private final Path zones;
  private final List<Path> geoip;
  private final HealthRegistry registry;
  private final RepeatedLoad files;

  private @Nullable GeoDatabase lastGeo;
  private String lastGeoFiles = "";

  /** Until the first load: that of the databases, which began before anybody asked for it. */
  private @Nullable CompletableFuture<GeoDatabase> firstReading;

  /**
   * A source for a folder, to be loaded soon: geo databases are read from now on.
   *
   * @param geoip files and folders; none: the embedded database
   * @param registry numbers the health checks
   */
  public DiskSource(Path zones, List<Path> geoip, HealthRegistry registry) {
    this.zones = zones;
    this.geoip = List.copyOf(geoip);
    this.registry = registry;
    this.files = new RepeatedLoad(zones, LoadLimits.DEFAULT, registry);
    this.firstReading = CompletableFuture.supplyAsync(this::geo);
  }

  /** What a configuration asks for. */
  public static DiskSource of(ServerConfig config, HealthRegistry registry) {
    return new DiskSource(config.zones(), config.geoip(), registry);
  }

  @Override
  public LoadedState load() throws LoadFailedException {
    return load(Changes.ANY);
  }

  @Override
  public LoadedState load(Changes changes) throws LoadFailedException {
    return inMemory(() -> loadFiles(changes));
  }

  private interface Load {
    LoadedState run() throws LoadFailedException;
  }

  /**
   * Refuses what turns out to be too large when it is loaded ({@code $GENERATE} can make anything
   * of a small file). All that was spent on it can go then, and answers need no memory.
   */
  private LoadedState inMemory(Load load) throws LoadFailedException {
    try {
      return load.run();
    } catch (OutOfMemoryError e) {
      long heap = Runtime.getRuntime().maxMemory() / MIB;
      throw LoadFailedException.because(
          zones.toString(),
          "these files need more memory than there is ("
              + e.getMessage()
              + ", at most "
              + heap
              + " MiB); give the JVM more (MERIDIAN_JAVA_OPTS=-Xmx…, or the limit of its"
              + " container), or serve less");
    }
  }

  private LoadedState loadFiles(Changes changes) throws LoadFailedException {
    CompletableFuture<GeoDatabase> reading =
        firstReading == null ? CompletableFuture.supplyAsync(this::geo) : firstReading;
    firstReading = null;
    LoadedSet set;
    try {
      set = files.load(changes, reading::join);
    } catch (CompletionException e) {
      throw geoFailed(e, List.of());
    }
    GeoDatabase geo;
    try {
      geo = reading.join();
    } catch (CompletionException e) {
      throw geoFailed(e, set.problems().list());
    }
    return state(zones, set, files.compile(set, geo));
  }

  @Override
  public LoadedState load(KeptFiles kept) throws LoadFailedException {
    return inMemory(() -> loadKept(kept));
  }

  private LoadedState loadKept(KeptFiles kept) throws LoadFailedException {
    LoadedSet set = ZoneSetLoader.load(kept.zones(), LoadLimits.DEFAULT, registry);
    return state(kept.zones(), set, SetCompiler.compile(set, kept.geo()));
  }

  private static LoadedState state(Path folder, LoadedSet set, Optional<CompiledSet> compiled)
      throws LoadFailedException {
    List<Problem> problems = set.problems().list();
    if (compiled.isEmpty()) {
      throw new LoadFailedException(problems);
    }
    CompiledSet ready = compiled.get();
    checkDistinct(ready, problems);
    return new LoadedState(
        ready.zones(),
        ready.checks(),
        ready.space(),
        set.overrides(),
        RoutingTestReader.load(folder, LoadLimits.DEFAULT),
        problems,
        Copying.NOTHING);
  }

  /** Two zones may share a check, but not an id for two different ones; none leads to itself. */
  private static void checkDistinct(CompiledSet set, List<Problem> others)
      throws LoadFailedException {
    try {
      var _ = CheckOrder.of(set.checks());
    } catch (IllegalArgumentException e) {
      List<Problem> problems = new ArrayList<>(others);
      String message = String.valueOf(e.getMessage());
      problems.add(new Problem(".", 1, 1, Problem.Severity.ERROR, message));
      throw new LoadFailedException(problems);
    }
  }

  private GeoDatabase geo() {
    String files = Fingerprint.of(geoip).digest();
    GeoDatabase known = lastGeo;
    if (known != null && files.equals(lastGeoFiles)) {
      return known;
    }
    GeoDatabase read = geo(geoip);
    lastGeo = read;
    lastGeoFiles = files;
    return read;
  }

  /**
   * Reads geo databases.
   *
   * @param files files and folders; none: the embedded database
   * @throws dev.meridian.geo.GeoException if one cannot be used
   */
  public static GeoDatabase geo(List<Path> files) {
    return files.isEmpty() ? GeoDatabase.embedded() : GeoDatabase.load(files);
  }

  private LoadFailedException geoFailed(CompletionException e, List<Problem> others) {
    if (e.getCause() instanceof OutOfMemoryError full) {
      throw full;
    }
    if (!(e.getCause() instanceof GeoException failed)) {
      throw e;
    }
    List<Problem> problems = new ArrayList<>(others);
    for (GeoException.Problem each : failed.problems()) {
      problems.add(
          new Problem(
              each.file(), each.line(), each.column(), Problem.Severity.ERROR, each.message()));
    }
    return new LoadFailedException(problems);
  }
}
