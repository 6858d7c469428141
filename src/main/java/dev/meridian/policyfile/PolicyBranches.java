package dev.meridian.policyfile;

import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policyfile.AnswerReader.Answer;
import dev.meridian.policyfile.Places.Place;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the branches of one policy, and keeps what they have in common. */
final class PolicyBranches {
  /** What a branch written as a map has, whatever the policy. */
  private static final List<String> KEYS =
      List.of("answer", "id", "health-check", "evaluate-target-health");

  private final YamlValues nodes;
  private final AnswerReader answers;
  private final BranchChecks checks;
  private final String keyword;
  private final String label;
  private final Set<String> ids = new HashSet<>();
  private int size;
  private int depth;
  private long branches;
  private boolean samePlace = true;
  private @Nullable Place place;
  private boolean failed;

  PolicyBranches(
      YamlValues nodes, AnswerReader answers, BranchChecks checks, String keyword, String label) {
    this.nodes = nodes;
    this.answers = answers;
    this.checks = checks;
    this.keyword = keyword;
    this.label = label;
  }

  /**
   * Reads a branch, which is an answer or a map with {@code answer} and more; null after an error.
   *
   * @param more keys that this policy has beside {@link #KEYS}
   */
  @Nullable Branch read(YamlNode node, String branchLabel, String... more) {
    YamlNode written = node instanceof Mapping map ? YamlValues.get(map, "answer") : null;
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
    Candidate candidate = candidate(answer, options);
    answers.branches().put(candidate, node.position());
    return new Branch(node, answer, candidate, options);
  }

  /** Reads a branch behind a key of its own, which is where it begins. */
  @Nullable Branch read(Entry entry, String branchLabel) {
    Branch branch = read(entry.value(), branchLabel);
    if (branch != null) {
      answers.branches().put(branch.candidate(), entry.key().position());
    }
    return branch;
  }

  private @Nullable Mapping options(YamlNode node, String... more) {
    List<String> keys = new ArrayList<>(KEYS);
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
    YamlNode idNode = YamlValues.get(options, "id");
    String id = idNode == null ? answer.id() : nodes.text(idNode, "id");
    YamlNode checkNode = YamlValues.get(options, "health-check");
    int check = checkNode == null ? HealthRegistry.NONE : checks.of(checkNode);
    YamlNode evaluateNode = YamlValues.get(options, "evaluate-target-health");
    Boolean evaluate =
        evaluateNode == null ? Boolean.TRUE : nodes.bool(evaluateNode, "evaluate-target-health");
    failed |= id == null || evaluate == null;
    return new Candidate(
        id == null ? answer.id() : id, answer.target(), check, !Boolean.FALSE.equals(evaluate));
  }

  String keyword() {
    return keyword;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean hasFailed() {
    return failed;
  }

  /** After an error that has been reported. */
  void fail() {
    failed = true;
  }

  void fail(YamlNode node, String message) {
    nodes.reporter().error(node.position(), message);
    failed = true;
  }

  Answer answer(RoutingPolicy policy) {
    int total = (int) Math.min(branches, Integer.MAX_VALUE);
    return new Answer(
        label, policy, samePlace ? place : null, YamlValues.ANY_CAPACITY, depth + 1, total);
  }

  /** A branch that has been read, and what is written beside its answer. */
  record Branch(YamlNode node, Answer answer, Candidate candidate, @Nullable Mapping options) {
    @Nullable YamlNode option(String key) {
      return options == null ? null : YamlValues.get(options, key);
    }
  }
}
