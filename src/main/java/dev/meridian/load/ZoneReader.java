package dev.meridian.load;

import dev.meridian.health.HealthRegistry;
import dev.meridian.load.Sources.Source;
import dev.meridian.master.MasterFileReader;
import dev.meridian.master.ReadingTools;
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
import dev.meridian.zone.FinishedZone;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.ZoneFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one zone of a folder after the other, all its files, again and again as long as they change
 * meanwhile. There may be a hundred thousand: what reading one needs is there for the next, and a
 * zone without policies is built at once, so that nothing of it is left but what will be served.
 * For one load; owned by its thread.
 */
final class ZoneReader {
  private static final int MAX_ATTEMPTS = 5;

  /** Octets of a line of a large master file, or a little more. */
  private static final int LINE = 48;

  private static final Set<DomainName> NOT_ROUTED = Set.of();

  private final Path folder;
  private final LoadLimits limits;
  private final HealthRegistry registry;
  private final boolean builds;
  private final HeapBudget budget = new HeapBudget(HeapBudget.Heap.OWN);
  private final TrackedFiles tracked = new TrackedFiles();
  private final ReadingTools tools = new ReadingTools();
  private final ZoneFactory factory = new ZoneFactory();

  private ZoneReader(Path folder, LoadLimits limits, HealthRegistry registry, boolean builds) {
    this.folder = folder;
    this.limits = limits;
    this.registry = registry;
    this.builds = builds;
  }

  /** One whose zones can still be asked where each of their records was written. */
  static ZoneReader ofDrafts(Path folder, LoadLimits limits, HealthRegistry registry) {
    return new ZoneReader(folder, limits, registry, false);
  }

  /** One that builds what it can: all that is served of most zones. */
  static ZoneReader ofZones(Path folder, LoadLimits limits, HealthRegistry registry) {
    return new ZoneReader(folder, limits, registry, true);
  }

  /**
   * What came of reading a zone.
   *
   * @param zone without one there is an error
   */
  record Read(Optional<LoadedZone> zone, Problems found) {}

  /**
   * Reads a zone.
   *
   * @param known what it was when it was loaded the last time; null: it was not
   */
  Read read(Source source, @Nullable KnownZone known) {
    for (int attempt = 1; ; attempt++) {
      Problems found = begin();
      LoadedZone zone = known == null ? null : again(source, known, found);
      if (zone == null) {
        found = begin();
        zone = anew(source, found);
      }
      boolean stable = !tracked.haveChanged();
      if (!stable && attempt == MAX_ATTEMPTS) {
        refuse(
            source,
            "the file keeps changing while it is read; try again when it has settled",
            found);
      }
      if (stable || attempt == MAX_ATTEMPTS) {
        return new Read(found.hasErrors() ? Optional.empty() : Optional.ofNullable(zone), found);
      }
    }
  }

  private Problems begin() {
    tracked.restart();
    return new Problems(limits.problemsPerFile());
  }

  private static void refuse(Source source, String why, Problems found) {
    found.add(new Problem(source.file(), 1, 1, Problem.Severity.ERROR, why));
  }

  /** The zone of before with what has changed; null if it is to be read from the beginning. */
  private @Nullable LoadedZone again(Source source, KnownZone known, Problems found) {
    ZoneText text = known.origin().text();
    return text == null
        ? null
        : new KnownZoneUpdate(folder, limits, source, known, text, found, tracked)
            .read(reporter -> policy(source, reporter));
  }

  /** The zone as its files have it; null if it would need more memory than there is. */
  private @Nullable LoadedZone anew(Source source, Problems found) {
    SourceFiles files = new SourceFiles();
    files.indexOf(source.file());
    Reporter reporter = new Reporter(files, found);
    InputStamp stamp = stamp(source, reporter);
    long octets = stamp == null ? 0 : stamp.size();
    String refusal =
        stamp == null ? "" : budget.refusal(stamp.path(), octets, limits.zoneFileOctets());
    if (!refusal.isEmpty()) {
      refuse(source, refusal, found);
      return null;
    }
    // a guess, so that a large zone's tables are made once and not grown to their size
    int expected = (int) Math.min(limits.recordsPerZone(), octets / LINE);
    ZoneBuilder zone = factory.begin(source.apex(), expected);
    RecordCollector collector = new RecordCollector(zone, reporter, limits);
    return FolderListing.isRoute53Zone(source.file())
        ? readRoute53(zone, collector, source, reporter, found)
        : read(zone, collector, source, stamp, reporter, found);
  }

  private @Nullable InputStamp stamp(Source source, Reporter reporter) {
    try {
      return TrackedFiles.stamp(folder.resolve(source.file()));
    } catch (IOException e) {
      reporter.error(SourceFiles.position(0, 1, 1), Reasons.of(e));
      return null;
    }
  }

  private LoadedZone read(
      ZoneBuilder zone,
      RecordCollector collector,
      Source source,
      @Nullable InputStamp stamp,
      Reporter reporter,
      Problems found) {
    MasterFileReader reader =
        new MasterFileReader(folder, tracked, limits, reporter, collector, tools);
    if (stamp != null) {
      reader.read(source.file(), stamp, source.apex());
    }
    boolean zoneIsSound = !found.hasErrors();
    PolicyFile policy = policy(source, reporter);
    zone.confineTo(policy.clients());
    policy.endpoints().forEach(zone::addEndpoint);
    if (zoneIsSound) {
      new ZoneChecks(zone, reporter, owners(policy.routed())::contains)
          .run(SourceFiles.position(0, 1, 1));
      new PolicyChecks(zone, reporter, policy).run();
    }
    boolean isReady = builds && source.policy() == null && !found.hasErrors();
    return new LoadedZone(
        source.apex(),
        isReady ? new FinishedZone(factory.build(zone)) : zone,
        policy.routed(),
        policy.checks(),
        policy.places(),
        policy.branches(),
        reporter.files(),
        new LoadedZone.Origin(tracked.inputs(), source.beside(), found, reader.text()));
  }

  private static Set<DomainName> owners(List<RoutedOwner> routed) {
    if (routed.isEmpty()) {
      return NOT_ROUTED;
    }
    Set<DomainName> owners = new HashSet<>();
    routed.forEach(owner -> owners.add(owner.owner()));
    return owners;
  }

  private LoadedZone readRoute53(
      ZoneBuilder zone,
      RecordCollector collector,
      Source source,
      Reporter reporter,
      Problems found) {
    Route53ZoneReader reader = new Route53ZoneReader(zone, collector, reporter, registry);
    List<RoutedOwner> routed =
        reader.read(
            json(source.file(), reporter),
            jsonBeside(Route53HealthChecks.FILE, reporter),
            jsonBeside(Route53CidrCollections.FILE, reporter));
    if (!found.hasErrors()) {
      new ZoneChecks(zone, reporter, owners(routed)::contains).run(SourceFiles.position(0, 1, 1));
    }
    return new LoadedZone(
        zone.apex(),
        zone,
        routed,
        reader.checks(),
        placesOf(routed),
        BranchPositions.NONE,
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

  private @Nullable YamlNode jsonBeside(String name, Reporter reporter) {
    return Files.exists(folder.resolve(name)) ? json(name, reporter) : null;
  }

  private @Nullable YamlNode json(String name, Reporter reporter) {
    int file = reporter.files().indexOf(name);
    try (InputStream in = tracked.open(folder.resolve(name), name, limits.policyFileOctets())) {
      return new YamlReader(file, reporter).read(in.readAllBytes());
    } catch (IOException e) {
      reporter.error(SourceFiles.position(file, 1, 1), Reasons.of(e));
      return null;
    }
  }

  private PolicyFile policy(Source source, Reporter reporter) {
    String name = source.policy();
    if (name == null) {
      return PolicyFile.NONE;
    }
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
    return new PolicyFileReader(source.apex(), reporter, registry, attachments).read(file, octets);
  }
}
