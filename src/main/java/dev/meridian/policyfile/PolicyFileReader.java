package dev.meridian.policyfile;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.Simple;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.AnswerReader.Alias;
import dev.meridian.policyfile.AnswerReader.Answer;
import dev.meridian.rr.RRType;
import dev.meridian.source.Reporter;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlReader;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code <zone>.policy.yaml}: who may ask, health checks, endpoints, regions, pools, and the
 * records that are answered by policy. The grammar is published as {@code policy.schema.json}; this
 * class says the same and more, with line and column. Never throws for any content.
 */
public final class PolicyFileReader {
  private static final List<String> SECTIONS =
      List.of("allow-query", "health-checks", "regions", "endpoints", "pools", "records");

  /** Branches of all records together: a bound on the work of everything that follows. */
  private static final long MAX_BRANCHES = 1_000_000;

  /**
   * What the file says; only of use if no error was reported.
   *
   * @param clients who may ask; null: everybody
   */
  public record PolicyFile(
      @Nullable PrefixSet clients,
      List<RoutedOwner> routed,
      List<HealthCheck> checks,
      List<Alias> aliases,
      List<GeolocationUse> places,
      BranchPositions branches,
      List<PlacedEndpoint> endpoints) {
    /** What a zone without a policy file says. */
    public static final PolicyFile NONE =
        new PolicyFile(
            null, List.of(), List.of(), List.of(), List.of(), BranchPositions.NONE, List.of());
  }

  private final DomainName apex;
  private final YamlValues nodes;
  private final Places places;
  private final CheckTemplates templates;
  private final EndpointChecks endpointChecks;
  private final EndpointReader endpoints;
  private final BranchChecks branchChecks;
  private final AnswerReader answers;
  private final Reporter reporter;
  private @Nullable PrefixSet clients;
  private long branches;

  public PolicyFileReader(
      DomainName apex, Reporter reporter, HealthRegistry registry, Attachments attachments) {
    this.apex = apex;
    this.reporter = reporter;
    this.nodes = new YamlValues(reporter);
    this.places = new Places(nodes);
    this.templates = new CheckTemplates(nodes, attachments);
    this.endpointChecks = new EndpointChecks(nodes, templates, registry, apex);
    this.endpoints = new EndpointReader(nodes, endpointChecks, places, apex);
    this.branchChecks = new BranchChecks(nodes, templates, registry, apex);
    this.answers = new AnswerReader(nodes, places, branchChecks, apex);
  }

  /**
   * Reads a file.
   *
   * @param file number in {@link dev.meridian.source.SourceFiles}
   * @param octets the whole file
   */
  public PolicyFile read(int file, byte[] octets) {
    List<RoutedOwner> routed = new ArrayList<>();
    YamlNode root = new YamlReader(file, reporter).read(octets);
    Mapping mapping = root == null ? null : nodes.mapping(root, "a policy file", SECTIONS);
    if (mapping != null) {
      YamlNode allowed = YamlValues.get(mapping, "allow-query");
      if (allowed != null) {
        clients(allowed); // a list that lost its entries must not let everybody in
      }
      section(mapping, "regions", places::readRegions);
      section(mapping, "health-checks", templates::read);
      section(mapping, "endpoints", this::endpoints);
      section(mapping, "pools", this::pools);
      section(mapping, "records", node -> records(node, routed));
      answers.finish();
      templates.warnOfUnused();
      places.warnOfUnused();
    }
    List<HealthCheck> checks = new ArrayList<>(endpointChecks.all());
    checks.addAll(branchChecks.checks());
    return new PolicyFile(
        clients,
        routed,
        checks,
        answers.aliases(),
        answers.places(),
        answers.branches(),
        answers.placed());
  }

  private static void section(
      Mapping mapping, String key, java.util.function.Consumer<YamlNode> reader) {
    YamlNode node = YamlValues.get(mapping, key);
    boolean missing = node == null || (node instanceof YamlNode.Scalar value && value.isMissing());
    if (node != null && !missing) {
      reader.accept(node);
    }
  }

  private void clients(YamlNode section) {
    Set<Prefix> prefixes = new LinkedHashSet<>();
    for (YamlNode item : nodes.oneOrMore(section, "allow-query")) {
      String text = nodes.text(item, "a prefix of allow-query");
      Prefix prefix = text == null ? null : nodes.tried(item.position(), () -> Prefix.parse(text));
      if (prefix != null && !prefixes.add(prefix)) {
        reporter.error(item.position(), prefix + " is in allow-query twice");
      }
    }
    clients = PrefixSet.of(List.copyOf(prefixes));
  }

  private void endpoints(YamlNode section) {
    for (Entry entry : nodes.entries(section, "endpoints")) {
      answers.endpoint(entry.key(), endpoints.read(entry));
    }
  }

  private void pools(YamlNode section) {
    nodes.entries(section, "pools").forEach(answers::pool);
  }

  private void records(YamlNode section, List<RoutedOwner> routed) {
    Map<DomainName, Entry> seen = new HashMap<>();
    for (Entry entry : nodes.entries(section, "records")) {
      DomainName owner = owner(entry);
      if (owner != null) {
        Entry other = seen.putIfAbsent(owner, entry);
        if (other != null) {
          reporter.error(
              entry.key().position(),
              owner + " is here twice; the first is '" + other.key().text() + "'");
        }
      }
      RoutedOwner read = record(entry, owner);
      if (read != null) {
        routed.add(read);
      }
    }
  }

  private @Nullable DomainName owner(Entry entry) {
    String text = entry.key().text();
    DomainName owner;
    try {
      owner = DomainName.parse(text, apex);
    } catch (IllegalArgumentException e) {
      reporter.error(entry.key().position(), String.valueOf(e.getMessage()));
      return null;
    }
    if (!owner.isAtOrBelow(apex)) {
      reporter.error(entry.key().position(), owner + " is outside of the zone " + apex);
      return null;
    }
    if (!text.endsWith(".") && (text + ".").endsWith(apex.toString()) && !text.equals("@")) {
      reporter.warning(
          entry.key().position(),
          "'" + text + "' means " + owner + "; did you mean '" + text + ".'?");
    }
    return owner;
  }

  /**
   * @param owner null if it is in error, and only the mistakes in the rest are wanted
   */
  private @Nullable RoutedOwner record(Entry entry, @Nullable DomainName owner) {
    List<String> keys = new ArrayList<>(AnswerReader.KEYS);
    keys.add("ttl");
    keys.add("types");
    Mapping mapping = nodes.mapping(entry.value(), "a record", keys);
    if (mapping == null) {
      return null;
    }
    YamlNode ttlNode = YamlValues.get(mapping, "ttl");
    RecordTtl ttl = ttlNode == null ? RecordTtl.DEFAULT : RecordTtl.read(ttlNode, nodes);
    Answer answer = answers.choice(mapping, entry.key().position(), entry.key().text());
    if (answer == null || owner == null || ttl == null) {
      return null;
    }
    if (ttlNode != null && YamlValues.get(mapping, "alias") != null) {
      reporter.error(
          ttlNode.position(), "an alias has the TTL of what it leads to; remove this one");
    }
    branches += answer.branches();
    if (branches > MAX_BRANCHES) {
      if (branches - answer.branches() <= MAX_BRANCHES) {
        reporter.error(
            entry.key().position(),
            "the records up to here have more than "
                + MAX_BRANCHES
                + " branches, pools written out; let some of them be aliases of others");
      }
      return null;
    }
    Targets targets = Targets.of(answer.target());
    YamlNode typesNode = YamlValues.get(mapping, "types");
    return new RoutedOwner(
        owner,
        ttl.seconds(),
        ttl.floor(),
        root(answer),
        typesNode == null ? targets.types() : types(typesNode),
        typesNode == null && !targets.aliases().isEmpty(),
        entry.key().position());
  }

  /** The types that a record is confined to. */
  private Set<Integer> types(YamlNode node) {
    Set<Integer> types = new TreeSet<>();
    for (YamlNode item : nodes.oneOrMore(node, "types")) {
      String text = nodes.text(item, "a type");
      Optional<Integer> type = text == null ? Optional.empty() : RRType.parse(text);
      if (type.isPresent() && !RRType.isMeta(type.get()) && !isRefused(type.get())) {
        types.add(type.get());
      } else if (text != null) {
        reporter.error(item.position(), "a policy cannot answer with " + text);
      }
    }
    return types;
  }

  private static boolean isRefused(int type) {
    return PolicyChecks.NOT_ALIASED.contains(type);
  }

  private static Target root(Answer answer) {
    return answer.target() instanceof Endpoint ? new Simple(answer.candidate()) : answer.target();
  }
}
