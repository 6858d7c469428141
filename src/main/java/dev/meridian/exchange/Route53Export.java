package dev.meridian.exchange;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.LoadedZone;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.master.RecordCollector;
import dev.meridian.net.PrefixSet;
import dev.meridian.policyfile.PolicyChecks;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.route53.Route53CidrCollections;
import dev.meridian.route53.Route53HealthChecks;
import dev.meridian.route53.Route53Text;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.source.SourceFiles;
import dev.meridian.wire.DomainName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns zones into what the aws command line prints of Route 53, and this server reads. What Route
 * 53 would answer otherwise is an error, unless the nearest that it can say is good enough.
 */
public final class Route53Export {
  /** What Route 53 has at all. */
  private static final Set<String> TYPES =
      Set.of(
          "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF",
          "SRV", "SSHFP", "SVCB", "TLSA", "TXT");

  /**
   * How to write.
   *
   * @param zone the only zone to be written; root: all of the folder
   * @param hostedZone id that aliases within a zone name
   * @param nearest whether what Route 53 cannot say becomes the nearest that it can
   */
  public record Options(DomainName zone, String hostedZone, boolean nearest) {}

  /**
   * What became of the folder.
   *
   * @param files texts by file name; empty if there is an error
   */
  public record Result(Map<String, String> files, List<Problem> problems) {
    /** Copies both. */
    public Result {
      files = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(files));
      problems = List.copyOf(problems);
    }
  }

  private final LoadedSet set;
  private final Options options;
  private final Problems problems;
  private final HealthRegistry registry;
  private final Set<String> told = new HashSet<>();

  private Route53Export(LoadedSet set, HealthRegistry registry, Options options) {
    this.set = set;
    this.registry = registry;
    this.options = options;
    this.problems = set.problems();
  }

  /** Reads a zone folder and writes its zones; all that is wrong is in the result. */
  public static Result of(Path folder, LoadLimits limits, Options options) {
    return of(folder, limits, options, GeoDatabase.embedded());
  }

  /** The same; the geo database has no say in what is written, only a part in the checks. */
  public static Result of(Path folder, LoadLimits limits, Options options, GeoDatabase geo) {
    HealthRegistry registry = new HealthRegistry();
    LoadedSet checked = ZoneSetLoader.load(folder, limits, registry);
    if (SetCompiler.compile(checked, geo).isEmpty()) {
      return new Result(Map.of(), checked.problems().list());
    }
    // compiling used the builders up
    LoadedSet set = ZoneSetLoader.load(folder, limits, registry);
    return new Route53Export(set, registry, options).result();
  }

  private Result result() {
    List<LoadedZone> wanted =
        set.zones().stream()
            .filter(
                zone ->
                    options.zone().equals(DomainName.ROOT) || zone.apex().equals(options.zone()))
            .toList();
    Map<String, String> files = new LinkedHashMap<>();
    List<HealthCheck> defined = new ArrayList<>();
    set.zones().forEach(zone -> defined.addAll(zone.checks()));
    Route53OutCidrs cidrs = new Route53OutCidrs();
    Route53OutChecks checks = new Route53OutChecks(registry, defined, this::warnOfCheck);
    for (LoadedZone zone : wanted) {
      List<Route53OutSet> sets = new ArrayList<>();
      write(zone, checks, cidrs, sets);
      sets.sort(Route53OutSet.ORDER);
      String name = ZoneSetLoader.baseName(zone.apex());
      files.put(
          name + ".route53.json",
          Route53OutText.listing(
              "ResourceRecordSets", sets.stream().map(Route53OutSet::json).toList()));
      files.putAll(Route53ChangeBatches.files(name, zone.apex(), sets));
    }
    if (!checks.json().isEmpty()) {
      files.put(Route53HealthChecks.FILE, Route53OutText.listing("HealthChecks", checks.json()));
    }
    if (!cidrs.json().isEmpty()) {
      files.put(
          Route53CidrCollections.FILE, Route53OutText.listing("CidrCollections", cidrs.json()));
    }
    return new Result(problems.hasErrors() ? Map.of() : files, problems.list());
  }

  private void warnOfCheck(String id, String message) {
    problems.add(
        new Problem(
            Route53HealthChecks.FILE, 1, 1, Problem.Severity.WARNING, "'" + id + "': " + message));
  }

  private void write(
      LoadedZone zone, Route53OutChecks checks, Route53OutCidrs cidrs, List<Route53OutSet> sets) {
    zone.records()
        .forEachOwner((owner, types) -> types.forEach(type -> plain(zone, owner, type, sets)));
    if (zone.records().clients() != PrefixSet.ALL) {
      String message =
          zone.apex()
              + ": in Route 53 everybody may ask for a public zone; allow-query is left out";
      tell(zone.files().warning(SourceFiles.position(0, 1, 1), message));
    }
    Route53OutZone context = new Route53OutZone(zone, set.zones());
    long[] position = new long[1];
    String[] label = new String[1];
    Route53Helpers helpers =
        new Route53Helpers(
            context,
            options.hostedZone(),
            name ->
                tell(
                    zone.files()
                        .warning(
                            position[0],
                            label[0]
                                + ": put the HostedZoneId of "
                                + name
                                + " in; Route 53 aliases AWS's own resources only")));
    Route53GroupWriter writer =
        new Route53GroupWriter(
            context,
            helpers,
            checks,
            cidrs,
            (_, rule, instead) -> lossy(zone, position[0], label[0], rule, instead),
            sets);
    for (RoutedOwner owner : zone.routed()) {
      if (owner.ttlFloor() >= 0) {
        String name = owner.owner().toString();
        lossy(zone, owner.position(), name, "TTLs are fixed", "that instead of follow-health");
      }
      for (int type : types(context, owner)) {
        position[0] = owner.position();
        label[0] = RecordCollector.label(owner.owner(), type);
        if (isKnown(zone, position[0], label[0], type)) {
          writer.write(owner.owner(), type, owner.target(), owner.ttl());
        }
      }
    }
  }

  private void lossy(LoadedZone zone, long position, String label, String rule, String instead) {
    String what = label + ": in Route 53 " + rule + "; --nearest writes " + instead;
    tell(
        options.nearest()
            ? zone.files().warning(position, what)
            : zone.files().error(position, what));
  }

  private void tell(Problem problem) {
    if (told.add(problem.toString())) {
      problems.add(problem);
    }
  }

  private boolean isKnown(LoadedZone zone, long position, String label, int type) {
    boolean known = TYPES.contains(RRType.toText(type));
    if (!known) {
      lossy(zone, position, label, "there is no such type", "the zone without these records");
    }
    return known;
  }

  private void plain(LoadedZone zone, DomainName owner, int type, List<Route53OutSet> sets) {
    RRset records = zone.records().find(owner, type);
    long position = zone.records().positionOf(owner, type);
    if (records == null || !isKnown(zone, position, RecordCollector.label(owner, type), type)) {
      return;
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      values.add(Route53Text.value(type, records.rdata(i)));
    }
    sets.add(new Route53OutSet(owner, type, "", Map.of(), records.ttl(), values, null, ""));
  }

  /** Every type that a name answers, aliases followed. */
  private static Set<Integer> types(Route53OutZone zone, RoutedOwner owner) {
    Set<Integer> types = new TreeSet<>(owner.types());
    if (owner.aliased()) {
      TYPES.stream()
          .map(text -> RRType.parse(text).orElseThrow())
          .filter(type -> !PolicyChecks.NOT_ALIASED.contains(type))
          .forEach(types::add);
    }
    types.removeIf(type -> !zone.has(owner.target(), type));
    return types;
  }
}
