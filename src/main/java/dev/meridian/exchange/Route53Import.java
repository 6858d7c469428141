package dev.meridian.exchange;

import dev.meridian.health.HealthRegistry;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.master.MasterFileWriter;
import dev.meridian.master.MasterFileWriter.Entry;
import dev.meridian.master.RecordCollector;
import dev.meridian.route53.Route53Nodes;
import dev.meridian.route53.Route53RecordSet;
import dev.meridian.route53.Route53Text;
import dev.meridian.route53.Route53ZoneReader;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TrackedFiles;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.source.YamlReader;
import dev.meridian.source.YamlValues;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the aws command line prints of Route 53 into zone and policy files. Which file holds
 * what is told by its content: record sets of a zone, health checks, or CIDR collections.
 */
public final class Route53Import {
  /**
   * One zone, ready to be written.
   *
   * @param name without its final dot: what the files are called after
   * @param zone text of the master file
   * @param policy text of the policy file; empty if the zone routes nothing
   */
  public record Files(String name, String zone, Optional<String> policy) {}

  /**
   * What became of the input.
   *
   * @param zones empty if there is an error
   */
  public record Result(List<Files> zones, List<Problem> problems) {
    /** Copies the lists. */
    public Result {
      zones = List.copyOf(zones);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Where the traffic policies among the files are answered.
   *
   * @param ttl in seconds, of all records
   */
  public record Instance(DomainName name, long ttl) {}

  private final Problems problems;
  private final Reporter reporter;
  private final Optional<Instance> instance;
  private final List<Mapping> policies = new ArrayList<>();
  private final LoadLimits limits;
  private final List<YamlNode> zones = new ArrayList<>();
  private @Nullable YamlNode checks;
  private @Nullable YamlNode collections;

  private Route53Import(LoadLimits limits, Optional<Instance> instance) {
    this.limits = limits;
    this.instance = instance;
    this.problems = new Problems(limits.problemsPerFile());
    this.reporter = new Reporter(new SourceFiles(), problems);
  }

  /** Reads files; all that is wrong with them is in the result, and nothing is thrown for it. */
  public static Result read(List<Path> files, LoadLimits limits) {
    return read(files, limits, Optional.empty());
  }

  /** The same for files among which are traffic policy documents, one for each type of a name. */
  public static Result read(List<Path> files, LoadLimits limits, Optional<Instance> instance) {
    Route53Import importer = new Route53Import(limits, instance);
    files.forEach(importer::file);
    return importer.result();
  }

  private void file(Path path) {
    int file = reporter.files().indexOf(path.toString());
    long start = SourceFiles.position(file, 1, 1);
    try (InputStream in =
        new TrackedFiles().open(path, path.toString(), limits.policyFileOctets())) {
      YamlNode root = new YamlReader(file, reporter).read(in.readAllBytes());
      if (root != null) {
        sort(root, start);
      }
    } catch (IOException e) {
      reporter.error(start, Reasons.of(e));
    }
  }

  private void sort(YamlNode root, long start) {
    if (root instanceof Mapping document && Route53TrafficPolicy.isDocument(root)) {
      policies.add(document);
    } else if (has(root, "HealthChecks", "HealthCheckConfig")) {
      refuseSecond(checks, start, "health checks");
      checks = root;
    } else if (has(root, "CidrCollections", "Locations")) {
      refuseSecond(collections, start, "CIDR collections");
      collections = root;
    } else if (has(root, "ResourceRecordSets", "Type") || has(root, "Changes", "Changes")) {
      zones.add(root);
    } else {
      reporter.error(
          start,
          "none of ResourceRecordSets, HealthChecks and CidrCollections is here; print it with '"
              + Route53ZoneReader.COMMAND
              + "'");
    }
  }

  private void refuseSecond(@Nullable YamlNode first, long start, String what) {
    if (first != null) {
      reporter.error(
          start, what + " are in " + reporter.describe(first.position()) + " too; join the files");
    }
  }

  /** Whether a root is the listing of a key, or a bare list of things that have another. */
  private static boolean has(YamlNode root, String key, String keyOfItems) {
    return switch (root) {
      case Mapping mapping -> YamlValues.get(mapping, key) != null;
      case Sequence list ->
          !list.items().isEmpty()
              && list.items().getFirst() instanceof Mapping first
              && YamlValues.get(first, keyOfItems) != null;
      case Scalar _ -> false;
    };
  }

  private Result result() {
    if (zones.isEmpty() && !problems.hasErrors()) {
      reporter.error(
          start(), "no zone is in these files; print one with '" + Route53ZoneReader.COMMAND + "'");
    }
    List<Files> files = new ArrayList<>();
    boolean placed = false;
    for (YamlNode zone : zones) {
      DomainName apex = apex(zone);
      if (apex == null) {
        reporter.error(zone.position(), "there is no SOA, which says what the zone is called");
      } else {
        boolean here = instance.isPresent() && instance.get().name().isAtOrBelow(apex);
        placed |= here;
        files.add(zone(here ? withPolicies(zone, instance.get()) : zone, apex));
      }
    }
    if (!placed) {
      policies.forEach(policy -> reporter.error(policy.position(), whereToAnswer(files)));
    }
    if (instance.isPresent() && policies.isEmpty() && !problems.hasErrors()) {
      reporter.error(
          start(), "--name is for traffic policies, and none is among the files; leave it out");
    }
    boolean wrong = problems.hasErrors();
    return new Result(wrong ? List.of() : files, problems.list().stream().distinct().toList());
  }

  /** Of the first file, for what is about all of them. */
  private long start() {
    return SourceFiles.position(0, 1, 1);
  }

  private String whereToAnswer(List<Files> zones) {
    String names = zones.stream().map(Files::name).collect(Collectors.joining(", "));
    return instance
        .map(at -> "--name " + at.name() + " is in no zone that is given here: " + names)
        .orElse(
            "say with --name where this traffic policy is answered: a name in the zone whose record"
                + " sets are given beside it");
  }

  /** The record sets of a zone, with those that traffic policies stand for. */
  private YamlNode withPolicies(YamlNode zone, Instance at) {
    Route53Nodes nodes = new Route53Nodes(reporter);
    List<YamlNode> sets = new ArrayList<>();
    for (YamlNode set : nodes.listing(zone, "ResourceRecordSets", Route53ZoneReader.COMMAND)) {
      if (policies.stream().noneMatch(policy -> isRootOf(set, policy, at))) {
        sets.add(set);
      }
    }
    for (Mapping policy : policies) {
      sets.addAll(Route53TrafficPolicy.recordSets(nodes, policy, at.name().toString(), at.ttl()));
    }
    return new Sequence(sets, zone.position());
  }

  /** Whether a record set is what Route 53 lists in place of an instance. */
  private static boolean isRootOf(YamlNode set, Mapping policy, Instance at) {
    return set instanceof Mapping mapping
        && Route53Nodes.get(mapping, "TrafficPolicyInstanceId") != null
        && Route53Nodes.get(mapping, "Type") instanceof Scalar type
        && type.text().equals(Route53TrafficPolicy.type(policy))
        && Route53Nodes.get(mapping, "Name") instanceof Scalar name
        && name.text().replaceFirst("\\.?$", ".").equalsIgnoreCase(at.name().toString());
  }

  /** The name of the first SOA; null if there is none. */
  private static @Nullable DomainName apex(YamlNode node) {
    if (node instanceof Mapping mapping) {
      boolean soa =
          YamlValues.get(mapping, "Type") instanceof Scalar type && type.text().equals("SOA");
      if (soa && YamlValues.get(mapping, "Name") instanceof Scalar name) {
        try {
          return Route53Text.name(name.text());
        } catch (IllegalArgumentException e) {
          return null; // the reader says what is wrong with it
        }
      }
    }
    List<YamlNode> inside =
        switch (node) {
          case Mapping mapping -> mapping.entries().stream().map(YamlNode.Entry::value).toList();
          case Sequence list -> list.items();
          case Scalar _ -> List.of();
        };
    for (YamlNode child : inside) {
      DomainName found = apex(child);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private Files zone(YamlNode root, DomainName apex) {
    HealthRegistry registry = new HealthRegistry();
    ZoneBuilder builder = new ZoneBuilder(apex);
    Route53ZoneReader reader =
        new Route53ZoneReader(
            builder, new RecordCollector(builder, reporter, limits), reporter, registry);
    reader.read(root, checks, collections);
    List<Entry> plain = new ArrayList<>();
    List<List<Route53RecordSet>> routed = new ArrayList<>();
    Map<DomainName, Set<Integer>> types = new HashMap<>();
    for (List<Route53RecordSet> group : reader.groups()) {
      Route53RecordSet first = group.getFirst();
      types.computeIfAbsent(first.name(), _ -> new TreeSet<>()).add(first.type());
      if (group.size() == 1 && first.isPlain()) {
        plain.add(new Entry(first.name(), first.type(), first.ttl(), first.values()));
      } else {
        routed.add(group);
      }
    }
    String text = apex.toString();
    String name = text.length() == 1 ? text : text.substring(0, text.length() - 1);
    String zone =
        MasterFileWriter.text(apex, plain, "The static half of " + name + ", from Route 53.");
    return new Files(
        ZoneSetLoader.baseName(apex), zone, policy(apex, name, reader, registry, routed, types));
  }

  private Optional<String> policy(
      DomainName apex,
      String name,
      Route53ZoneReader reader,
      HealthRegistry registry,
      List<List<Route53RecordSet>> routed,
      Map<DomainName, Set<Integer>> types) {
    if (routed.isEmpty() || problems.hasErrors()) {
      return Optional.empty();
    }
    Route53CheckTexts texts = new Route53CheckTexts(registry, reader.checks());
    String text =
        new Route53PolicyWriter(apex, reporter, texts, routed, types)
            .text("The routed half of " + name + ", from Route 53.");
    return Optional.of(text + attention());
  }

  /** What a person should look at, at the end of the file. */
  private String attention() {
    Map<String, String> lines = new LinkedHashMap<>();
    for (Problem problem : problems.list()) {
      lines.put(problem.message(), "# - " + problem.message().replace('\n', ' ') + "\n");
    }
    return lines.isEmpty()
        ? ""
        : "\n# The import found this to be looked at:\n" + String.join("", lines.values());
  }
}
