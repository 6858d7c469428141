package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.ZoneMemory.Finder;
import dev.meridian.load.ZoneMemory.Source;
import dev.meridian.load.ZoneMemory.Spread;
import dev.meridian.master.MasterFileReader;
import dev.meridian.master.RecordCollector;
import dev.meridian.master.ZoneText;
import dev.meridian.policy.Geolocation;
import dev.meridian.policyfile.Attachments;
import dev.meridian.policyfile.BranchPositions;
import dev.meridian.policyfile.GeolocationUse;
import dev.meridian.policyfile.PolicyChecks;
import dev.meridian.policyfile.PolicyFileReader;
import dev.meridian.policyfile.PolicyFileReader.PolicyFile;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.policyfile.Targets;
import dev.meridian.route53.Route53CidrCollections;
import dev.meridian.route53.Route53HealthChecks;
import dev.meridian.route53.Route53ZoneReader;
import dev.meridian.source.InputStamp;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TrackedFiles;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlReader;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
  private static final String ZONE_SUFFIX = ".zone";
  private static final String POLICY_SUFFIX = ".policy.yaml";
  private static final String ROUTE53_SUFFIX = ".route53.json";
  static final String LATENCY_TABLE = "latency.csv";
  private static final Set<String> ROUTE53_BESIDE =
      Set.of(Route53HealthChecks.FILE, Route53CidrCollections.FILE);

  /** By what people write, what is meant. */
  private static final Map<String, String> NEAR_SUFFIXES =
      Map.of(".policy.yml", POLICY_SUFFIX, ".policies.yaml", POLICY_SUFFIX);

  private static final int MAX_ATTEMPTS = 5;

  /** Octets of a line of a large master file, or a little more. */
  private static final int LINE = 48;

  private final Path folder;
  private final LoadLimits limits;
  private final HealthRegistry registry;
  private final Problems problems;
  private final HeapBudget budget = new HeapBudget(HeapBudget.Heap.OWN);
  private ZoneMemory memory = new ZoneMemory();

  ZoneSetLoader(Path folder, LoadLimits limits, HealthRegistry registry) {
    this.folder = folder;
    this.limits = limits;
    this.registry = registry;
    this.problems = new Problems(limits.problemsPerFile());
  }

  /**
   * Loads the folder. All that is wrong is in {@link LoadedSet#problems}; nothing is thrown for it.
   *
   * @param registry gives the health checks their numbers
   */
  public static LoadedSet load(Path folder, LoadLimits limits, HealthRegistry registry) {
    return new ZoneSetLoader(folder, limits, registry).load();
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

  private LoadedSet load() {
    return load(new ZoneMemory(), () -> GeoDatabase.EMPTY, null);
  }

  /**
   * Loads what has changed.
   *
   * @param before what was loaded before
   * @param geo the database that it was and will be compiled for; asked for if it matters
   * @param table what the latency table looks like; null: there is none
   */
  LoadedSet load(ZoneMemory before, Supplier<GeoDatabase> geo, @Nullable InputStamp table) {
    memory = before;
    Set<String> names = list();
    List<Source> sources = sources(names);
    Finder apexes = new Finder(sources);
    Map<DomainName, KnownZone> unchanged = memory.unchanged(sources, apexes, geo, table);
    Map<DomainName, Read> read = new HashMap<>();
    Spread spread = new Spread(sources, unchanged, apexes);
    for (Source source = spread.next(); source != null; source = spread.next()) {
      Read done = read(source);
      read.put(source.apex(), done);
      spread.hasRead(source, done.zone);
    }
    List<LoadedZone> zones = new ArrayList<>();
    List<HealthCheck> checks = new ArrayList<>();
    for (Source source : sources) {
      KnownZone known = unchanged.get(source.apex());
      Read done = known == null ? read.get(source.apex()) : null;
      if (done != null) {
        problems.addAll(done.found);
        done.zone.ifPresent(zones::add);
        done.zone.ifPresent(zone -> checks.addAll(zone.checks()));
      } else if (known != null) {
        problems.addAll(known.origin().warnings());
        checks.addAll(known.checks());
      }
    }
    return new LoadedSet(
        zones,
        unchanged,
        sources.stream().map(Source::apex).toList(),
        checks,
        names.contains(OverridesFile.NAME) ? overrides(checks) : List.of(),
        names.contains(LATENCY_TABLE)
            ? Optional.of(folder.resolve(LATENCY_TABLE))
            : Optional.empty(),
        unchanged.isEmpty() ? Optional.empty() : memory.space(geo.get(), table),
        problems);
  }

  private List<Source> sources(Set<String> names) {
    List<Source> sources = new ArrayList<>();
    Set<String> policies = new HashSet<>();
    Map<DomainName, String> apexes = new HashMap<>();
    for (String name : names) {
      if (isRoute53Zone(name)) {
        DomainName apex = apex(name, ROUTE53_SUFFIX, apexes);
        if (apex != null) {
          Set<String> beside = new HashSet<>(ROUTE53_BESIDE);
          beside.retainAll(names);
          sources.add(new Source(apex, name, null, beside));
        }
      } else if (name.endsWith(ZONE_SUFFIX)) {
        String wanted = name.substring(0, name.length() - ZONE_SUFFIX.length()) + POLICY_SUFFIX;
        String policy = names.contains(wanted) ? wanted : null;
        policies.add(wanted);
        DomainName apex = apex(name, ZONE_SUFFIX, apexes);
        if (apex != null) {
          sources.add(new Source(apex, name, policy, policy == null ? Set.of() : Set.of(policy)));
        }
      }
    }
    names.forEach(name -> strayFile(name, policies));
    return sources;
  }

  /** What came of reading a zone; without one there is an error. */
  private record Read(Optional<LoadedZone> zone, Problems found) {}

  private List<HealthOverride> overrides(List<HealthCheck> checks) {
    Problems found = new Problems(limits.problemsPerFile());
    OverridesFile file = new OverridesFile(new Reporter(new SourceFiles(), found), checks);
    List<HealthOverride> read =
        file.read(folder.resolve(OverridesFile.NAME), limits.policyFileOctets());
    problems.addAll(found);
    return read;
  }

  private Set<String> list() {
    Set<String> names = new TreeSet<>();
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
      return names;
    }
    if (names.stream().noneMatch(name -> name.endsWith(ZONE_SUFFIX) || isRoute53Zone(name))) {
      error(folder.toString(), "no zone file is in this folder; name them like example.com.zone");
    }
    return names;
  }

  private static boolean isRoute53Zone(String name) {
    return name.endsWith(ROUTE53_SUFFIX)
        && !name.equals(Route53HealthChecks.FILE)
        && !name.equals(Route53CidrCollections.FILE);
  }

  private void error(String file, String message) {
    problems.add(new Problem(file, 1, 1, Problem.Severity.ERROR, message));
  }

  private @Nullable DomainName apex(String file, String suffix, Map<DomainName, String> apexes) {
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
    String other = apexes.putIfAbsent(apex, file);
    if (other != null) {
      error(file, "the zone " + apex + " is in " + other + " already");
      return null;
    }
    return apex;
  }

  /** What is nearly the name of a file that is read would be missed by somebody. */
  private void strayFile(String name, Set<String> policies) {
    for (Map.Entry<String, String> near : NEAR_SUFFIXES.entrySet()) {
      if (name.endsWith(near.getKey())) {
        String zone = name.substring(0, name.length() - near.getKey().length());
        error(name, "nothing reads this file; name it " + zone + near.getValue());
      }
    }
    if (name.endsWith(POLICY_SUFFIX) && !policies.contains(name)) {
      String zone = name.substring(0, name.length() - POLICY_SUFFIX.length()) + ZONE_SUFFIX;
      error(name, "there is no zone file for this policy; add " + zone);
    }
  }

  private Read read(Source source) {
    for (int attempt = 1; ; attempt++) {
      Problems found = new Problems(limits.problemsPerFile());
      TrackedFiles tracked = new TrackedFiles();
      LoadedZone zone = again(source, found, tracked);
      if (zone == null) {
        found = new Problems(limits.problemsPerFile());
        tracked = new TrackedFiles();
        String refusal = budget.refusal(folder.resolve(source.file()), limits.zoneFileOctets());
        if (!refusal.isEmpty()) {
          found.add(new Problem(source.file(), 1, 1, Problem.Severity.ERROR, refusal));
          return new Read(Optional.empty(), found);
        }
        zone = read(source, found, tracked);
      }
      boolean stable = !tracked.haveChanged();
      if (!stable && attempt == MAX_ATTEMPTS) {
        String message = "the file keeps changing while it is read; try again when it has settled";
        found.add(new Problem(source.file(), 1, 1, Problem.Severity.ERROR, message));
      }
      if (stable || attempt == MAX_ATTEMPTS) {
        return new Read(found.hasErrors() ? Optional.empty() : Optional.of(zone), found);
      }
    }
  }

  /** The zone of before with what has changed; null if it is to be read from the beginning. */
  private @Nullable LoadedZone again(Source source, Problems found, TrackedFiles tracked) {
    KnownZone known = memory.known(source.apex());
    ZoneText text = known == null ? null : known.origin().text();
    return known == null || text == null
        ? null
        : new KnownZoneUpdate(folder, limits, source, known, text, found, tracked)
            .read(reporter -> policy(source, reporter, tracked));
  }

  private PolicyFile policy(Source source, Reporter reporter, TrackedFiles tracked) {
    String file = source.policy();
    return file == null ? PolicyFile.none() : policy(source.apex(), file, reporter, tracked);
  }

  private LoadedZone read(Source source, Problems found, TrackedFiles tracked) {
    DomainName apex = source.apex();
    String file = source.file();
    SourceFiles files = new SourceFiles();
    Reporter reporter = new Reporter(files, found);
    ZoneBuilder zone = new ZoneBuilder(apex, expectedRecords(file));
    RecordCollector collector = new RecordCollector(zone, reporter, limits);
    if (isRoute53Zone(file)) {
      return readRoute53(zone, collector, source, reporter, found, tracked);
    }
    MasterFileReader reader = new MasterFileReader(folder, tracked, limits, reporter, collector);
    reader.read(file, apex);
    boolean zoneIsSound = !found.hasErrors();
    PolicyFile policy = policy(source, reporter, tracked);
    zone.confineTo(policy.clients());
    policy.endpoints().forEach(zone::addEndpoint);
    if (zoneIsSound) {
      Set<DomainName> routed = new HashSet<>();
      policy.routed().forEach(owner -> routed.add(owner.owner()));
      new ZoneChecks(zone, reporter, routed::contains).run(SourceFiles.position(0, 1, 1));
      new PolicyChecks(zone, reporter, policy).run();
    }
    return new LoadedZone(
        apex,
        zone,
        policy.routed(),
        policy.checks(),
        policy.places(),
        policy.branches(),
        files,
        new LoadedZone.Origin(tracked.inputs(), source.beside(), found, reader.text()));
  }

  /** A guess, so that a large zone's tables are made once and not grown to their size. */
  private int expectedRecords(String file) {
    try {
      return (int) Math.min(limits.recordsPerZone(), Files.size(folder.resolve(file)) / LINE);
    } catch (IOException e) {
      return 0;
    }
  }

  private LoadedZone readRoute53(
      ZoneBuilder zone,
      RecordCollector collector,
      Source source,
      Reporter reporter,
      Problems found,
      TrackedFiles tracked) {
    Route53ZoneReader reader = new Route53ZoneReader(zone, collector, reporter, registry);
    List<RoutedOwner> routed =
        reader.read(
            json(source.file(), reporter, tracked),
            jsonBeside(Route53HealthChecks.FILE, reporter, tracked),
            jsonBeside(Route53CidrCollections.FILE, reporter, tracked));
    if (!found.hasErrors()) {
      Set<DomainName> owners = new HashSet<>();
      routed.forEach(owner -> owners.add(owner.owner()));
      new ZoneChecks(zone, reporter, owners::contains).run(SourceFiles.position(0, 1, 1));
    }
    return new LoadedZone(
        zone.apex(),
        zone,
        routed,
        reader.checks(),
        placesOf(routed),
        new BranchPositions(),
        reporter.files(),
        new LoadedZone.Origin(tracked.inputs(), source.beside(), found, null));
  }

  private static List<GeolocationUse> placesOf(List<RoutedOwner> routed) {
    List<GeolocationUse> places = new ArrayList<>();
    for (RoutedOwner owner : routed) {
      for (Geolocation.Key key : Targets.of(owner.target()).places()) {
        places.add(new GeolocationUse(key, owner.position()));
      }
    }
    return places;
  }

  private @Nullable YamlNode jsonBeside(String name, Reporter reporter, TrackedFiles tracked) {
    return Files.exists(folder.resolve(name)) ? json(name, reporter, tracked) : null;
  }

  private @Nullable YamlNode json(String name, Reporter reporter, TrackedFiles tracked) {
    int file = reporter.files().indexOf(name);
    try (InputStream in = tracked.open(folder.resolve(name), name, limits.policyFileOctets())) {
      return new YamlReader(file, reporter).read(in.readAllBytes());
    } catch (IOException e) {
      reporter.error(SourceFiles.position(file, 1, 1), Reasons.of(e));
      return null;
    }
  }

  private PolicyFile policy(DomainName apex, String name, Reporter reporter, TrackedFiles tracked) {
    int file = reporter.files().indexOf(name);
    byte[] octets = {};
    try (InputStream in = tracked.open(folder.resolve(name), name, limits.policyFileOctets())) {
      octets = in.readAllBytes();
      if (octets.length == 0) {
        // more likely a write that is under way than a wish to stop all routing
        reporter.error(
            SourceFiles.position(file, 1, 1),
            "the policy file is empty; if the zone routes nothing, remove it");
      }
    } catch (IOException e) {
      reporter.error(SourceFiles.position(file, 1, 1), Reasons.of(e));
    }
    Attachments attachments =
        path -> tracked.open(folder.resolve(path), path, limits.policyFileOctets());
    return new PolicyFileReader(apex, reporter, registry, attachments).read(file, octets);
  }
}
