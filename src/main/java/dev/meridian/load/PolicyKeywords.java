package dev.meridian.load;

import dev.meridian.health.HealthRegistry;
import dev.meridian.load.AnswerReader.Answer;
import dev.meridian.load.Places.Place;
import dev.meridian.load.YamlNode.Entry;
import dev.meridian.load.YamlNode.Mapping;
import dev.meridian.load.YamlNode.Scalar;
import dev.meridian.load.YamlNode.Sequence;
import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.Geoproximity;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.Latency;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Weighted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind each of the seven policy keywords. */
final class PolicyKeywords {
  /** The keywords; a name that just has one answer needs none. */
  static final List<String> NAMES =
      List.of(
          "weighted", "failover", "geolocation", "geoproximity", "latency", "multivalue", "cidr");

  private static final int MAX_BIAS = 99;
  private static final int MAX_MULTIVALUE = 1000;

  /** What a branch written as a map has, whatever the policy. */
  private static final List<String> BRANCH_KEYS =
      List.of("answer", "id", "health-check", "evaluate-target-health");

  private final PolicyNodes nodes;
  private final Places places;
  private final BranchChecks checks;
  private final AnswerReader answers;
  private final List<GeolocationUse> geolocationKeys = new ArrayList<>();

  PolicyKeywords(PolicyNodes nodes, Places places, BranchChecks checks, AnswerReader answers) {
    this.nodes = nodes;
    this.places = places;
    this.checks = checks;
    this.answers = answers;
  }

  /** The keys of all geolocation policies read so far. */
  List<GeolocationUse> geolocationKeys() {
    return geolocationKeys;
  }

  /** Reads one policy; null after an error in it or below it. */
  @Nullable Answer read(Scalar key, YamlNode value, String label) {
    Children children = new Children(key.text(), label);
    RoutingPolicy policy =
        switch (key.text()) {
          case "weighted" -> weighted(value, children);
          case "failover" -> failover(value, children);
          case "geolocation" -> geolocation(key, value, children);
          case "geoproximity" -> geoproximity(value, children);
          case "latency" -> latency(value, children);
          case "multivalue" -> multivalue(value, children);
          default -> cidr(key, value, children);
        };
    return children.failed || children.size == 0 ? null : children.answer(policy);
  }

  /** What the branches of one policy have in common. */
  private final class Children {
    private final String keyword;
    private final String label;
    private final Set<String> ids = new HashSet<>();
    private int size;
    private int depth;
    private long branches;
    private boolean samePlace = true;
    private @Nullable Place place;
    private boolean failed;

    Children(String keyword, String label) {
      this.keyword = keyword;
      this.label = label;
    }

    /**
     * Reads a branch, which is an answer or a map with {@code answer} and more; null after an
     * error.
     *
     * @param more keys that this policy has beside {@link #BRANCH_KEYS}
     */
    @Nullable Branch read(YamlNode node, String branchLabel, String... more) {
      YamlNode written = node instanceof Mapping map ? PolicyNodes.get(map, "answer") : null;
      Mapping options = written == null ? null : options(node, more);
      Answer answer = answers.read(written == null ? node : written, branchLabel);
      if (answer == null) {
        failed = true;
        return null;
      }
      samePlace &= size == 0 || (place != null && place.equals(answer.place()));
      place = answer.place();
      size++;
      depth = Math.max(depth, answer.depth());
      branches += answer.branches();
      return new Branch(node, answer, candidate(answer, options), options);
    }

    private @Nullable Mapping options(YamlNode node, String... more) {
      List<String> keys = new ArrayList<>(BRANCH_KEYS);
      keys.addAll(List.of(more));
      return nodes.mapping(node, "a branch", keys);
    }

    /** Reads a branch of a list, where an id stands once. */
    @Nullable Branch readOnce(YamlNode node, String... more) {
      Branch branch = read(node, keyword + "#" + (size + 1), more);
      if (branch != null && !ids.add(branch.candidate().id())) {
        fail(node, "'" + branch.candidate().id() + "' is here twice; give one of them an id");
        return null;
      }
      return branch;
    }

    private Candidate candidate(Answer answer, @Nullable Mapping options) {
      if (options == null) {
        return answer.candidate();
      }
      YamlNode idNode = PolicyNodes.get(options, "id");
      String id = idNode == null ? answer.id() : nodes.text(idNode, "id");
      YamlNode checkNode = PolicyNodes.get(options, "health-check");
      int check = checkNode == null ? HealthRegistry.NONE : checks.of(checkNode);
      YamlNode evaluateNode = PolicyNodes.get(options, "evaluate-target-health");
      Boolean evaluate =
          evaluateNode == null ? Boolean.TRUE : nodes.bool(evaluateNode, "evaluate-target-health");
      failed |= id == null || evaluate == null;
      return new Candidate(
          id == null ? answer.id() : id, answer.target(), check, !Boolean.FALSE.equals(evaluate));
    }

    void fail(YamlNode node, String message) {
      nodes.reporter().error(node.position(), message);
      failed = true;
    }

    Answer answer(RoutingPolicy policy) {
      int total = (int) Math.min(branches, Integer.MAX_VALUE);
      return new Answer(label, policy, samePlace ? place : null, depth + 1, total);
    }
  }

  /** A branch that has been read, and what is written beside its answer. */
  private record Branch(
      YamlNode node, Answer answer, Candidate candidate, @Nullable Mapping options) {
    @Nullable YamlNode option(String key) {
      return options == null ? null : PolicyNodes.get(options, key);
    }
  }

  private Weighted weighted(YamlNode value, Children children) {
    List<Weighted.Share> shares = new ArrayList<>();
    if (value instanceof Sequence) {
      for (YamlNode node : nodes.items(value, "weighted")) {
        Branch branch = children.readOnce(node, "weight");
        YamlNode weight = branch == null ? null : branch.option("weight");
        if (weight != null) {
          share(branch, weight, children, shares);
        } else if (branch != null) {
          children.fail(node, "a branch needs a weight: { weight: 1, answer: … }");
        }
      }
    } else {
      for (Entry entry : nodes.entries(value, "weighted")) {
        share(children.readOnce(entry.key()), entry.value(), children, shares);
      }
    }
    return new Weighted(shares);
  }

  private void share(
      @Nullable Branch branch,
      YamlNode weightNode,
      Children children,
      List<Weighted.Share> shares) {
    Long weight = nodes.integer(weightNode, "a weight", 0, Weighted.MAX_WEIGHT);
    if (weight == null) {
      children.failed = true;
    } else if (branch != null) {
      shares.add(new Weighted.Share(branch.candidate(), weight));
    }
  }

  private Failover failover(YamlNode value, Children children) {
    List<Candidate> candidates = new ArrayList<>();
    for (YamlNode node : nodes.items(value, "failover")) {
      Branch branch = children.readOnce(node);
      if (branch != null) {
        candidates.add(branch.candidate());
      }
    }
    return new Failover(candidates);
  }

  private MultivalueAnswer multivalue(YamlNode value, Children children) {
    YamlNode list = value;
    int max = MultivalueAnswer.DEFAULT_MAX;
    if (value instanceof Mapping) {
      Mapping mapping = nodes.mapping(value, "multivalue", List.of("max", "answers"));
      YamlNode maxNode = mapping == null ? null : PolicyNodes.get(mapping, "max");
      Long number = maxNode == null ? null : nodes.integer(maxNode, "max", 1, MAX_MULTIVALUE);
      children.failed |= (maxNode == null) != (number == null);
      max = number == null ? max : number.intValue();
      YamlNode answersNode = mapping == null ? null : PolicyNodes.get(mapping, "answers");
      list = answersNode == null ? value : answersNode;
    }
    List<Candidate> candidates = new ArrayList<>();
    for (YamlNode node : nodes.items(list, "multivalue")) {
      Branch branch = children.readOnce(node);
      if (branch != null && branch.answer().target() instanceof AliasTarget) {
        children.fail(node, "multivalue cannot hold an alias; list endpoints or pools");
      } else if (branch != null) {
        candidates.add(branch.candidate());
      }
    }
    return new MultivalueAnswer(candidates, max);
  }

  private Geolocation geolocation(Scalar keyword, YamlNode value, Children children) {
    List<Geolocation.Region> regions = new ArrayList<>();
    Map<Geolocation.Key, String> seen = new HashMap<>();
    for (Entry entry : nodes.entries(value, "geolocation")) {
      boolean nobody = isNone(entry);
      Branch branch = nobody ? null : children.read(entry.value(), entry.key().text());
      for (String word : entry.key().text().strip().split("\\s+", -1)) {
        Geolocation.Key key = geolocationKey(entry.key(), word, seen, children);
        if (key != null && branch != null) {
          regions.add(new Geolocation.Region(branch.candidate(), key));
        }
      }
    }
    requireDefault(keyword, seen.containsKey(Geolocation.Key.DEFAULT), children);
    return new Geolocation(regions);
  }

  private Geolocation.@Nullable Key geolocationKey(
      Scalar node, String word, Map<Geolocation.Key, String> seen, Children children) {
    try {
      Geolocation.Key key = GeolocationKeys.parse(word);
      if (key.equals(Geolocation.Key.DEFAULT) && !word.equals(node.text().strip())) {
        children.fail(node, "'default' stands alone");
        return null;
      }
      String other = seen.putIfAbsent(key, word);
      if (other == null) {
        geolocationKeys.add(new GeolocationUse(key, node.position()));
        return key;
      }
      children.fail(
          node,
          other.equals(word)
              ? "'" + word + "' is here twice"
              : "'" + word + "' is the same place as '" + other + "'");
    } catch (IllegalArgumentException e) {
      children.fail(node, String.valueOf(e.getMessage()));
    }
    return null;
  }

  /** {@code default: none}: clients that no key covers get no answer, on purpose. */
  private static boolean isNone(Entry entry) {
    return entry.key().text().strip().equals("default")
        && entry.value() instanceof Scalar value
        && value.text().equals("none");
  }

  private void requireDefault(Scalar keyword, boolean present, Children children) {
    if (!present && children.size > 0) {
      children.fail(
          keyword,
          keyword.text()
              + " needs a 'default' for clients that no other key covers;"
              + " 'default: none' gives them no answer");
    } else if (present && children.size == 0 && !children.failed) {
      children.fail(keyword, keyword.text() + " answers nobody: add a key beside 'default: none'");
    }
  }

  private IpBased cidr(Scalar keyword, YamlNode value, Children children) {
    List<IpBased.Network> networks = new ArrayList<>();
    Map<Prefix, String> seen = new HashMap<>();
    boolean hasDefault = false;
    for (Entry entry : nodes.entries(value, "cidr")) {
      String text = entry.key().text().strip();
      Branch branch = isNone(entry) ? null : children.read(entry.value(), text);
      List<Prefix> blocks = List.of();
      if (text.equals("default")) {
        hasDefault = true;
      } else {
        blocks = blocks(entry.key(), text, seen, children);
      }
      if (branch != null) {
        networks.add(new IpBased.Network(branch.candidate(), blocks));
      }
    }
    requireDefault(keyword, hasDefault, children);
    return new IpBased(networks);
  }

  private List<Prefix> blocks(
      Scalar node, String text, Map<Prefix, String> seen, Children children) {
    List<Prefix> blocks = new ArrayList<>();
    for (String word : text.split("\\s+", -1)) {
      try {
        Prefix block = Prefix.parse(word);
        String other = seen.putIfAbsent(block, word);
        if (other != null) {
          children.fail(node, "'" + word + "' is the same prefix as '" + other + "'");
        } else if (block.length() == 0) {
          children.fail(node, "'" + word + "' is everything; write default");
        }
        blocks.add(block);
      } catch (IllegalArgumentException e) {
        children.fail(node, String.valueOf(e.getMessage()));
      }
    }
    return blocks;
  }

  private Geoproximity geoproximity(YamlNode value, Children children) {
    List<Geoproximity.Site> sites = new ArrayList<>();
    if (value instanceof Sequence) {
      for (YamlNode node : nodes.items(value, "geoproximity")) {
        Branch branch = children.readOnce(node, "bias", "location");
        site(branch, branch == null ? null : branch.option("bias"), children, sites);
      }
    } else {
      for (Entry entry : nodes.entries(value, "geoproximity")) {
        site(children.readOnce(entry.key()), entry.value(), children, sites);
      }
    }
    return new Geoproximity(sites);
  }

  private void site(
      @Nullable Branch branch,
      @Nullable YamlNode biasNode,
      Children children,
      List<Geoproximity.Site> sites) {
    Place place = branch == null ? null : place(branch, children);
    Long bias =
        biasNode == null ? Long.valueOf(0) : nodes.integer(biasNode, "a bias", -MAX_BIAS, MAX_BIAS);
    if (bias == null) {
      children.failed = true;
    } else if (branch != null && place != null) {
      sites.add(new Geoproximity.Site(branch.candidate(), place.coordinates(), bias.intValue()));
    }
  }

  private @Nullable Place place(Branch branch, Children children) {
    YamlNode location = branch.option("location");
    if (location != null) {
      Place own = places.read(location);
      children.failed |= own == null;
      return own;
    }
    Place place = branch.answer().place();
    if (place == null) {
      children.fail(
          branch.node(),
          "'"
              + branch.candidate().id()
              + "' has no location, which "
              + children.keyword
              + " needs; give it one, or write { answer: …, location: … } here");
    }
    return place;
  }

  private Latency latency(YamlNode value, Children children) {
    List<Latency.Site> sites = new ArrayList<>();
    for (YamlNode node : nodes.items(value, "latency")) {
      Branch branch = children.readOnce(node, "location");
      Place place = branch == null ? null : place(branch, children);
      if (branch != null && place != null) {
        String region = place.region() == null ? branch.candidate().id() : place.region();
        sites.add(new Latency.Site(branch.candidate(), region, place.coordinates()));
      }
    }
    return new Latency(sites);
  }
}
