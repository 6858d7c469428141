package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.Sources.Source;
import dev.meridian.load.ZoneReader.Read;
import dev.meridian.source.Changes;
import dev.meridian.source.InputStamp;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.wire.DomainName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a zone folder: {@code <zone>.zone} with, beside it, {@code <zone>.policy.yaml}; or {@code
 * <zone>.route53.json}, with the health checks and CIDR collections of all such zones; {@code
 * latency.csv}; and {@code overrides.yaml}. Other files are left alone, and so are hidden ones and
 * what editors leave behind. A file that changes while it is read is read again, so that what is
 * loaded was, at one moment, what the folder said.
 */
public final class ZoneSetLoader {
  static final String LATENCY_TABLE = "latency.csv";

  private final Path folder;
  private final LoadLimits limits;
  private final ZoneReader reader;
  private final Problems problems;

  /**
   * @param reader reads one zone after the other
   */
  ZoneSetLoader(Path folder, LoadLimits limits, ZoneReader reader) {
    this.folder = folder;
    this.limits = limits;
    this.reader = reader;
    this.problems = new Problems(limits.problemsPerFile());
  }

  /**
   * Loads the folder. All that is wrong is in {@link LoadedSet#problems}; nothing is thrown for it.
   *
   * @param registry gives the health checks their numbers
   */
  public static LoadedSet load(Path folder, LoadLimits limits, HealthRegistry registry) {
    ZoneReader reader = ZoneReader.ofDrafts(folder, limits, registry);
    return new ZoneSetLoader(folder, limits, reader)
        .load(new ZoneMemory(), Changes.ANY, () -> GeoDatabase.EMPTY, null);
  }

  /**
   * What the files of a zone are called, without what comes behind. A label may hold any octet (RFC
   * 2181 §11): what would lead into another folder is written as a master file could, and read back
   * as such.
   */
  public static String baseName(DomainName apex) {
    String text = apex.toString();
    String base = text.length() == 1 ? text : text.substring(0, text.length() - 1);
    return base.replace("/", "\\047");
  }

  /**
   * Loads what has changed.
   *
   * @param before what was loaded before
   * @param changes since then
   * @param geo the database that it was and will be compiled for; asked for if it matters
   * @param table what the latency table looks like; null: there is none
   */
  LoadedSet load(
      ZoneMemory before, Changes changes, Supplier<GeoDatabase> geo, @Nullable InputStamp table) {
    Carried edited = before.edited(folder, changes, geo, table);
    if (edited != null) {
      return load(before, edited, before.beside(), geo, table);
    }
    FolderListing listing = new FolderListing(folder, problems);
    Carried carried = before.unchanged(listing.sources(), changes, geo, table);
    return load(before, carried, listing.beside(), geo, table);
  }

  private LoadedSet load(
      ZoneMemory before,
      Carried carried,
      Set<String> beside,
      Supplier<GeoDatabase> geo,
      @Nullable InputStamp table) {
    Map<Integer, Read> read = read(before, carried);
    List<LoadedZone> zones = new ArrayList<>();
    List<HealthCheck> checks = new ArrayList<>();
    BitSet all = carried.remarkable();
    all.or(carried.missing());
    all.stream()
        .forEach(
            number -> {
              KnownZone known = carried.get(number);
              Read done = read.get(number);
              if (known != null) {
                problems.addAll(known.origin().warnings());
                checks.addAll(known.checks());
              } else if (done != null) {
                problems.addAll(done.found());
                done.zone().ifPresent(zones::add);
                done.zone().ifPresent(zone -> checks.addAll(zone.checks()));
              }
            });
    return new LoadedSet(
        zones,
        carried,
        checks,
        beside,
        beside.contains(OverridesFile.NAME) ? overrides(checks) : List.of(),
        beside.contains(LATENCY_TABLE)
            ? Optional.of(folder.resolve(LATENCY_TABLE))
            : Optional.empty(),
        carried.isEmpty() ? Optional.empty() : before.space(geo.get(), table),
        problems);
  }

  /** By number: all that is not carried, and what cannot be because of that. */
  private Map<Integer, Read> read(ZoneMemory before, Carried carried) {
    Map<Integer, Read> read = new HashMap<>();
    Spread spread = new Spread(carried);
    for (Source source = spread.next(); source != null; source = spread.next()) {
      Read done = reader.read(source, before.known(source.apex()));
      read.put(source.number(), done);
      spread.hasRead(source, done.zone());
    }
    return read;
  }

  private List<HealthOverride> overrides(List<HealthCheck> checks) {
    Problems found = new Problems(limits.problemsPerFile());
    OverridesFile file = new OverridesFile(new Reporter(new SourceFiles(), found), checks);
    List<HealthOverride> read =
        file.read(folder.resolve(OverridesFile.NAME), limits.policyFileOctets());
    problems.addAll(found);
    return read;
  }
}
