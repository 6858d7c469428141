package dev.meridian.policyfile;

import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Weighted;
import dev.meridian.policyfile.AnswerReader.Answer;
import dev.meridian.policyfile.PolicyBranches.Branch;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.source.YamlValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind each of the seven policy keywords. */
public final class PolicyKeywords {
  /** The keywords; a name that just has one answer needs none. */
  public static final List<String> NAMES =
      List.of(
          "weighted", "failover", "geolocation", "geoproximity", "latency", "multivalue", "cidr");

  private static final int MAX_MULTIVALUE = 1000;

  private final YamlValues nodes;
  private final NearnessReader nearness;
  private final BranchChecks checks;
  private final AnswerReader answers;
  private final List<GeolocationUse> geolocationKeys = new ArrayList<>();

  PolicyKeywords(YamlValues nodes, Places places, BranchChecks checks, AnswerReader answers) {
    this.nodes = nodes;
    this.nearness = new NearnessReader(nodes, places);
    this.checks = checks;
    this.answers = answers;
  }

  /** The keys of all geolocation policies read so far. */
  List<GeolocationUse> geolocationKeys() {
    return geolocationKeys;
  }

  /** Reads one policy; null after an error in it or below it. */
  @Nullable Answer read(Scalar key, YamlNode value, String label) {
    PolicyBranches children = new PolicyBranches(nodes, answers, checks, key.text(), label);
    RoutingPolicy policy =
        switch (key.text()) {
          case "weighted" -> weighted(value, children);
          case "failover" -> failover(value, children);
          case "geolocation" -> geolocation(key, value, children);
          case "geoproximity" -> nearness.geoproximity(value, children);
          case "latency" -> nearness.latency(value, children);
          case "multivalue" -> multivalue(value, children);
          default -> cidr(key, value, children);
        };
    return children.hasFailed() || children.isEmpty() ? null : children.answer(policy);
  }

  private Weighted weighted(YamlNode value, PolicyBranches children) {
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
      PolicyBranches children,
      List<Weighted.Share> shares) {
    Long weight = nodes.integer(weightNode, "a weight", 0, Weighted.MAX_WEIGHT);
    if (weight == null) {
      children.fail();
    } else if (branch != null) {
      shares.add(new Weighted.Share(branch.candidate(), weight));
    }
  }

  private Failover failover(YamlNode value, PolicyBranches children) {
    List<Candidate> candidates = new ArrayList<>();
    for (YamlNode node : nodes.items(value, "failover")) {
      Branch branch = children.readOnce(node);
      if (branch != null) {
        candidates.add(branch.candidate());
      }
    }
    return new Failover(candidates);
  }

  private MultivalueAnswer multivalue(YamlNode value, PolicyBranches children) {
    YamlNode list = value;
    int max = MultivalueAnswer.DEFAULT_MAX;
    if (value instanceof Mapping) {
      Mapping mapping = nodes.mapping(value, "multivalue", List.of("max", "answers"));
      YamlNode maxNode = mapping == null ? null : YamlValues.get(mapping, "max");
      Long number = maxNode == null ? null : nodes.integer(maxNode, "max", 1, MAX_MULTIVALUE);
      if ((maxNode == null) != (number == null)) {
        children.fail();
      }
      max = number == null ? max : number.intValue();
      YamlNode answersNode = mapping == null ? null : YamlValues.get(mapping, "answers");
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

  private Geolocation geolocation(Scalar keyword, YamlNode value, PolicyBranches children) {
    List<Geolocation.Region> regions = new ArrayList<>();
    Map<Geolocation.Key, String> seen = new HashMap<>();
    for (Entry entry : nodes.entries(value, "geolocation")) {
      boolean nobody = isNone(entry);
      Branch branch = nobody ? null : children.read(entry, entry.key().text());
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
      Scalar node, String word, Map<Geolocation.Key, String> seen, PolicyBranches children) {
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

  private void requireDefault(Scalar keyword, boolean present, PolicyBranches children) {
    if (!present && !children.isEmpty()) {
      children.fail(
          keyword,
          keyword.text()
              + " needs a 'default' for clients that no other key covers;"
              + " 'default: none' gives them no answer");
    } else if (present && children.isEmpty() && !children.hasFailed()) {
      children.fail(keyword, keyword.text() + " answers nobody: add a key beside 'default: none'");
    }
  }

  private IpBased cidr(Scalar keyword, YamlNode value, PolicyBranches children) {
    List<IpBased.Network> networks = new ArrayList<>();
    Map<Prefix, String> seen = new HashMap<>();
    boolean hasDefault = false;
    for (Entry entry : nodes.entries(value, "cidr")) {
      String text = entry.key().text().strip();
      Branch branch = isNone(entry) ? null : children.read(entry, text);
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
      Scalar node, String text, Map<Prefix, String> seen, PolicyBranches children) {
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
}
