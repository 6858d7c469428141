package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.ZoneMemory.Finder;
import dev.meridian.load.ZoneMemory.Source;
import dev.meridian.load.ZoneMemory.Spread;
import dev.meridian.load.ZoneReader.Read;
import dev.meridian.route53.Route53CidrCollections;
import dev.meridian.route53.Route53HealthChecks;
import dev.meridian.source.Changes;
import dev.meridian.source.InputStamp;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a zone folder: {@code <zone>.zone} with, beside it, {@code <zone>.policy.yaml}; or {@code
 * <zone>.route53.json}, with the health checks and CIDR collections of all such zones; {@code
 * latency.csv}; and {@code overrides.yaml}. Other files are left alone, and so are hidden ones and
 * what editors leave behind. A file that changes while it is read is read again, so that what is
 * loaded was, at one moment, what the folder said.
 */
public final class ZoneSetLoader {
  private static final String ZONE_SUFFIX = ".zone";
  private static final String POLICY_SUFFIX = ".policy.yaml";
  private static final String ROUTE53_SUFFIX = ".route53.json";
  static final String LATENCY_TABLE = "latency.csv";
  private static final Set<String> ROUTE53_BESIDE =
      Set.of(Route53HealthChecks.FILE, Route53CidrCollections.FILE);

  /** By what people write, what is meant. */
  private static final Map<String, String> NEAR_SUFFIXES =
      Map.of(".policy.yml", POLICY_SUFFIX, ".policies.yaml", POLICY_SUFFIX);

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
    Names names = list();
    Map<DomainName, Source> sources = sources(names);
    Finder apexes = new Finder(sources);
    Map<DomainName, KnownZone> unchanged =
        before.unchanged(sources.values(), changes, apexes, geo, table);
    Map<DomainName, Read> read = new HashMap<>();
    Spread spread = new Spread(sources.values(), unchanged, apexes);
    for (Source source = spread.next(); source != null; source = spread.next()) {
      Read done = reader.read(source, before.known(source.apex()));
      read.put(source.apex(), done);
      spread.hasRead(source, done.zone());
    }
    List<LoadedZone> zones = new ArrayList<>();
    List<HealthCheck> checks = new ArrayList<>();
    for (DomainName apex : sources.keySet()) {
      KnownZone known = unchanged.get(apex);
      Read done = known == null ? read.get(apex) : null;
      if (done != null) {
        problems.addAll(done.found());
        done.zone().ifPresent(zones::add);
        done.zone().ifPresent(zone -> checks.addAll(zone.checks()));
      } else if (known != null) {
        problems.addAll(known.origin().warnings());
        checks.addAll(known.checks());
      }
    }
    return new LoadedSet(
        zones,
        unchanged,
        List.copyOf(sources.keySet()),
        checks,
        names.contains(OverridesFile.NAME) ? overrides(checks) : List.of(),
        names.contains(LATENCY_TABLE)
            ? Optional.of(folder.resolve(LATENCY_TABLE))
            : Optional.empty(),
        unchanged.isEmpty() ? Optional.empty() : before.space(geo.get(), table),
        problems);
  }

  /** The names of the files of a folder, in order. */
  private record Names(List<String> sorted) {
    boolean contains(String name) {
      return Collections.binarySearch(sorted, name) >= 0;
    }

    /** Which of these are there. */
    Set<String> of(Set<String> wanted) {
      return wanted.stream().filter(this::contains).collect(Collectors.toUnmodifiableSet());
    }
  }

  /** By apex, in the order of the files' names. */
  private Map<DomainName, Source> sources(Names names) {
    Map<DomainName, Source> sources = LinkedHashMap.newLinkedHashMap(names.sorted.size());
    for (String name : names.sorted) {
      if (isRoute53Zone(name)) {
        DomainName apex = apex(name, ROUTE53_SUFFIX, sources);
        if (apex != null) {
          sources.put(apex, new Source(apex, name, null, names.of(ROUTE53_BESIDE)));
        }
      } else if (name.endsWith(ZONE_SUFFIX)) {
        DomainName apex = apex(name, ZONE_SUFFIX, sources);
        if (apex != null) {
          sources.put(apex, source(apex, name, names));
        }
      } else {
        strayFile(name, names);
      }
    }
    return sources;
  }

  private static Source source(DomainName apex, String name, Names names) {
    String policy = name.substring(0, name.length() - ZONE_SUFFIX.length()) + POLICY_SUFFIX;
    return names.contains(policy)
        ? new Source(apex, name, policy, Set.of(policy))
        : new Source(apex, name, null, Set.of());
  }

  private List<HealthOverride> overrides(List<HealthCheck> checks) {
    Problems found = new Problems(limits.problemsPerFile());
    OverridesFile file = new OverridesFile(new Reporter(new SourceFiles(), found), checks);
    List<HealthOverride> read =
        file.read(folder.resolve(OverridesFile.NAME), limits.policyFileOctets());
    problems.addAll(found);
    return read;
  }

  private Names list() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!name.startsWith(".")) {
          names.add(name);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      String why = Files.isDirectory(folder) ? Reasons.of(e) : "it is not there";
      error(folder.toString(), "the zone folder cannot be read: " + why);
      return new Names(List.of());
    }
    if (names.stream().noneMatch(name -> name.endsWith(ZONE_SUFFIX) || isRoute53Zone(name))) {
      error(folder.toString(), "no zone file is in this folder; name them like example.com.zone");
    }
    names.sort(null);
    return new Names(names);
  }

  static boolean isRoute53Zone(String name) {
    return name.endsWith(ROUTE53_SUFFIX)
        && !name.equals(Route53HealthChecks.FILE)
        && !name.equals(Route53CidrCollections.FILE);
  }

  private void error(String file, String message) {
    problems.add(new Problem(file, 1, 1, Problem.Severity.ERROR, message));
  }

  private @Nullable DomainName apex(String file, String suffix, Map<DomainName, Source> sources) {
    String base = file.substring(0, file.length() - suffix.length());
    DomainName apex;
    try {
      apex = DomainName.parse(base, DomainName.ROOT);
    } catch (IllegalArgumentException e) {
      error(file, "a zone file is named after its zone: " + e.getMessage());
      return null;
    }
    if (apex.isWildcard()) {
      error(file, "the name of a zone cannot begin with '*'");
      return null;
    }
    Source other = sources.get(apex);
    if (other != null) {
      error(file, "the zone " + apex + " is in " + other.file() + " already");
      return null;
    }
    return apex;
  }

  /** What is nearly the name of a file that is read would be missed by somebody. */
  private void strayFile(String name, Names names) {
    for (Map.Entry<String, String> near : NEAR_SUFFIXES.entrySet()) {
      if (name.endsWith(near.getKey())) {
        String zone = name.substring(0, name.length() - near.getKey().length());
        error(name, "nothing reads this file; name it " + zone + near.getValue());
      }
    }
    if (name.endsWith(POLICY_SUFFIX)) {
      String zone = name.substring(0, name.length() - POLICY_SUFFIX.length()) + ZONE_SUFFIX;
      if (!names.contains(zone)) {
        error(name, "there is no zone file for this policy; add " + zone);
      }
    }
  }
}
