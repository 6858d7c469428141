package dev.meridian.policyfile;

import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.Places.Place;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers: the id of an endpoint or a pool, or a map with {@code endpoint}, {@code pool},
 * {@code alias} or one policy over further answers. Pools are read when something first refers to
 * them, and shared by all that do.
 */
public final class AnswerReader {
  /**
   * Policies inside of policies, pools written out, endpoints counted; the compiler's limit too.
   */
  private static final int MAX_DEPTH = 16;

  /** Branches of one answer, pools written out wherever they are used. */
  private static final int MAX_BRANCHES = 10_000;

  private static final List<String> REFERENCES = List.of("endpoint", "pool", "alias");

  /** What an answer is made of: policies and references, and what can stand beside them. */
  public static final List<String> KEYS = keys();

  private static final List<String> CHOICES = choices();

  /**
   * An answer that has been read.
   *
   * @param id what explanations call it
   * @param place where it is, if all of it is in one place
   * @param capacity the share of all clients that it takes, see {@link YamlValues#capacity}
   * @param depth 1 for an endpoint
   * @param branches endpoints and aliases below it
   */
  record Answer(
      String id, Target target, @Nullable Place place, double capacity, int depth, int branches) {
    Candidate candidate() {
      return Candidate.of(id, target);
    }
  }

  /** An alias, to be looked up when everything has been read. */
  record Alias(DomainName name, long position) {}

  private record Pool(Scalar key, YamlNode body) {}

  private final YamlValues nodes;
  private final Places places;
  private final DomainName apex;
  private final PolicyKeywords keywords;
  private final PolicyOptions options;
  private final Map<String, Scalar> endpointKeys = new LinkedHashMap<>();
  private final Map<String, Answer> endpoints = new HashMap<>();
  private final List<PlacedEndpoint> placed = new ArrayList<>();
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final Map<String, @Nullable Answer> poolAnswers = new HashMap<>();
  private final Set<String> poolsOpen = new LinkedHashSet<>();
  private final Set<String> used = new java.util.HashSet<>();
  private final List<Alias> aliases = new ArrayList<>();
  private final BranchPositions branches = new BranchPositions();

  AnswerReader(YamlValues nodes, Places places, BranchChecks checks, DomainName apex) {
    this.nodes = nodes;
    this.places = places;
    this.apex = apex;
    this.keywords = new PolicyKeywords(nodes, places, checks, this);
    this.options = new PolicyOptions(nodes, this);
  }

  private static List<String> choices() {
    List<String> keys = new ArrayList<>(PolicyKeywords.NAMES);
    keys.addAll(REFERENCES);
    return List.copyOf(keys);
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(choices());
    keys.addAll(PolicyOptions.KEYS);
    return List.copyOf(keys);
  }

  /** Makes an endpoint known; {@code read} is null if it is in error. */
  void endpoint(Scalar key, EndpointReader.@Nullable Read read) {
    endpointKeys.put(key.text(), key);
    if (read != null) {
      endpoints.put(
          key.text(), new Answer(key.text(), read.endpoint(), read.place(), read.capacity(), 1, 1));
      placed.add(placed(read));
    }
  }

  private static PlacedEndpoint placed(EndpointReader.Read read) {
    Place place = read.place();
    return place == null
        ? new PlacedEndpoint(read.endpoint(), null, null, read.capacity())
        : new PlacedEndpoint(read.endpoint(), place.region(), place.coordinates(), read.capacity());
  }

  /** The endpoints made known, in the order written. */
  List<PlacedEndpoint> placed() {
    return placed;
  }

  /** Makes a pool known; its body is read when it is used. */
  void pool(Entry entry) {
    String id = entry.key().text();
    if (endpointKeys.containsKey(id)) {
      nodes
          .reporter()
          .error(entry.key().position(), "'" + id + "' is an endpoint too; rename one of them");
      return;
    }
    pools.put(id, new Pool(entry.key(), entry.value()));
  }

  /** Whether an endpoint or a pool has this id. */
  boolean isKnown(String id) {
    return endpointKeys.containsKey(id) || pools.containsKey(id);
  }

  /** All aliases met, in the order they were read. */
  List<Alias> aliases() {
    return aliases;
  }

  /** The branches of all policies met. */
  BranchPositions branches() {
    return branches;
  }

  /** The keys of all geolocation policies met. */
  List<GeolocationUse> places() {
    return keywords.geolocationKeys();
  }

  /**
   * Reads an answer; null after an error.
   *
   * @param label what explanations call it if it has no id of its own
   */
  @Nullable Answer read(YamlNode node, String label) {
    if (node instanceof Scalar) {
      String id = nodes.text(node, "an answer");
      return id == null ? null : reference(id, node.position());
    }
    Mapping mapping = nodes.mapping(node, "an answer", KEYS);
    return mapping == null ? null : choice(mapping, node.position(), label);
  }

  /** Reads the one policy or reference that a map has, and what stands beside it. */
  @Nullable Answer choice(Mapping mapping, long position, String label) {
    List<Entry> choices = new ArrayList<>(mapping.entries());
    choices.removeIf(entry -> !CHOICES.contains(entry.key().text()));
    if (choices.size() != 1) {
      boolean none = choices.isEmpty();
      nodes
          .reporter()
          .error(
              none ? position : choices.get(1).key().position(),
              none
                  ? "an answer is missing: one of " + String.join(", ", CHOICES)
                  : "one answer only: '" + choices.get(0).key().text() + "' is there already");
      return null;
    }
    Scalar key = choices.getFirst().key();
    YamlNode value = choices.getFirst().value();
    Answer answer =
        switch (key.text()) {
          case "endpoint" -> named(value, true);
          case "pool" -> named(value, false);
          case "alias" -> alias(value);
          default -> bounded(keywords.read(key, value, label), key.position());
        };
    return bounded(options.read(mapping, answer), key.position());
  }

  private @Nullable Answer bounded(@Nullable Answer answer, long position) {
    if (answer != null && answer.depth() > MAX_DEPTH) {
      nodes.reporter().error(position, "policies are nested more than " + MAX_DEPTH + " deep");
      return null;
    }
    if (answer != null && answer.branches() > MAX_BRANCHES) {
      nodes
          .reporter()
          .error(
              position, "more than " + MAX_BRANCHES + " branches, pools written out; simplify it");
      return null;
    }
    return answer;
  }

  private @Nullable Answer named(YamlNode value, boolean endpoint) {
    String id = nodes.text(value, endpoint ? "endpoint" : "pool");
    if (id == null) {
      return null;
    }
    if (endpoint ? pools.containsKey(id) : endpointKeys.containsKey(id)) {
      nodes
          .reporter()
          .error(
              value.position(),
              endpoint
                  ? "'" + id + "' is a pool; write pool: " + id
                  : "'" + id + "' is an endpoint; write endpoint: " + id);
      return null;
    }
    return reference(id, value.position());
  }

  private @Nullable Answer reference(String id, long position) {
    if (endpointKeys.containsKey(id)) {
      used.add(id);
      return endpoints.get(id);
    }
    if (pools.containsKey(id)) {
      used.add(id);
      return pool(id, position);
    }
    String hint = nodes.hint(id, endpointKeys.keySet(), pools.keySet());
    nodes.reporter().error(position, "there is no endpoint or pool '" + id + "'" + hint);
    return null;
  }

  private @Nullable Answer pool(String id, long position) {
    if (poolsOpen.contains(id)) {
      List<String> path = new ArrayList<>(poolsOpen);
      path = path.subList(path.indexOf(id), path.size());
      nodes
          .reporter()
          .error(
              position, "pools lead round in a circle: " + String.join(" -> ", path) + " -> " + id);
      return null;
    }
    if (poolsOpen.size() >= MAX_DEPTH) {
      nodes.reporter().error(position, "pools are nested more than " + MAX_DEPTH + " deep");
      return null;
    }
    if (!poolAnswers.containsKey(id)) {
      poolsOpen.add(id);
      poolAnswers.put(id, readPool(id));
      poolsOpen.remove(id);
    }
    return poolAnswers.get(id);
  }

  private @Nullable Answer readPool(String id) {
    Pool pool = pools.get(id);
    if (pool == null) {
      return null;
    }
    List<String> keys = new ArrayList<>(PolicyKeywords.NAMES);
    keys.addAll(PolicyOptions.KEYS);
    keys.add("location");
    keys.add("capacity");
    Mapping mapping = nodes.mapping(pool.body(), "a pool", keys);
    if (mapping == null) {
      return null;
    }
    YamlNode location = YamlValues.get(mapping, "location");
    Place own = location == null ? null : places.read(location);
    double capacity = nodes.capacity(YamlValues.get(mapping, "capacity"));
    Answer answer = choice(mapping, pool.key().position(), id);
    if (answer == null || (location != null && own == null)) {
      return null;
    }
    return new Answer(
        id,
        answer.target(),
        own == null ? answer.place() : own,
        capacity,
        answer.depth(),
        answer.branches());
  }

  private @Nullable Answer alias(YamlNode value) {
    String text = nodes.text(value, "alias");
    if (text == null) {
      return null;
    }
    try {
      DomainName name = DomainName.parse(text, apex);
      aliases.add(new Alias(name, value.position()));
      return new Answer(
          name.toString(), new AliasTarget(name), null, YamlValues.ANY_CAPACITY, 1, 1);
    } catch (IllegalArgumentException e) {
      nodes.reporter().error(value.position(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Reads the pools that nothing refers to, for their mistakes, and warns of what is not used. */
  void finish() {
    pools.forEach(
        (id, pool) -> {
          if (!used.contains(id)) {
            nodes.reporter().warning(pool.key().position(), "pool '" + id + "' is never used");
            pool(id, pool.key().position());
          }
        });
    endpointKeys.forEach(
        (id, key) -> {
          if (!used.contains(id)) {
            nodes.reporter().warning(key.position(), "endpoint '" + id + "' is never used");
          }
        });
  }
}
