package dev.meridian.load;

import dev.meridian.load.AnswerReader.Answer;
import dev.meridian.load.YamlNode.Mapping;
import dev.meridian.load.YamlNode.Scalar;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.OnAllUnhealthy;
import dev.meridian.policy.OnAllUnhealthy.Rule;
import dev.meridian.policy.Sticky;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what can stand beside a policy, whichever it is: how it sticks, and how it fails. */
final class PolicyOptions {
  static final List<String> KEYS = List.of("sticky", "on-all-unhealthy");

  private static final String FAIL_OPEN = "fail-open";

  private final PolicyNodes nodes;
  private final AnswerReader answers;

  PolicyOptions(PolicyNodes nodes, AnswerReader answers) {
    this.nodes = nodes;
    this.answers = answers;
  }

  /**
   * The answer with what stands beside it; null after an error.
   *
   * @param answer null after an error in it: the options are then read for their mistakes
   */
  @Nullable Answer read(Mapping mapping, @Nullable Answer answer) {
    YamlNode sticky = PolicyNodes.get(mapping, "sticky");
    YamlNode rule = PolicyNodes.get(mapping, "on-all-unhealthy");
    Answer sticking = sticky == null ? answer : sticky(sticky, mapping, answer);
    return rule == null ? sticking : onAllUnhealthy(rule, sticking);
  }

  private @Nullable Answer sticky(YamlNode node, Mapping mapping, @Nullable Answer answer) {
    if (PolicyNodes.get(mapping, "weighted") == null
        && PolicyNodes.get(mapping, "multivalue") == null) {
      nodes
          .reporter()
          .error(
              node.position(),
              "sticky stands beside weighted or multivalue; other policies throw no dice");
      return null;
    }
    Optional<Sticky> sticky = node instanceof Mapping lengths ? lengths(lengths) : yesOrNo(node);
    if (answer == null || sticky.isEmpty()) {
      // after an error, or sticky: false
      return node instanceof Scalar value && value.text().equals("false") ? answer : null;
    }
    return with(answer, stickyTarget(answer.target(), sticky.get()), 0, 0);
  }

  private static Target stickyTarget(Target target, Sticky sticky) {
    return switch (target) {
      case Weighted policy -> new Weighted(policy.shares(), sticky);
      case MultivalueAnswer policy ->
          new MultivalueAnswer(policy.candidates(), policy.max(), sticky);
      default -> target;
    };
  }

  private Optional<Sticky> yesOrNo(YamlNode node) {
    return Boolean.TRUE.equals(nodes.bool(node, "sticky"))
        ? Optional.of(Sticky.DEFAULT)
        : Optional.empty();
  }

  private Optional<Sticky> lengths(Mapping written) {
    Mapping mapping = nodes.mapping(written, "sticky", List.of("ipv4", "ipv6"));
    YamlNode ipv4 = PolicyNodes.get(written, "ipv4");
    YamlNode ipv6 = PolicyNodes.get(written, "ipv6");
    Long bits4 =
        ipv4 == null ? Long.valueOf(Sticky.DEFAULT.ipv4()) : nodes.integer(ipv4, "ipv4", 1, 32);
    Long bits6 =
        ipv6 == null ? Long.valueOf(Sticky.DEFAULT.ipv6()) : nodes.integer(ipv6, "ipv6", 1, 128);
    return mapping == null || bits4 == null || bits6 == null
        ? Optional.empty()
        : Optional.of(new Sticky(bits4.intValue(), bits6.intValue()));
  }

  private @Nullable Answer onAllUnhealthy(YamlNode node, @Nullable Answer group) {
    String text = node instanceof Scalar value ? value.text() : "";
    for (Rule rule : Rule.values()) {
      if (rule != Rule.INSTEAD && rule.text().equals(text)) {
        return group == null ? null : guarded(group, rule, Optional.empty());
      }
    }
    if (text.equals(FAIL_OPEN)) {
      return group;
    }
    if (node instanceof Scalar && !answers.isKnown(text)) {
      List<String> words = List.of(FAIL_OPEN, "last-good", "nodata", "servfail");
      nodes
          .reporter()
          .error(
              node.position(),
              "on-all-unhealthy is "
                  + String.join(", ", words)
                  + ", or an answer; '"
                  + text
                  + "' is none of them"
                  + nodes.hint(text, words, List.of()));
      return null;
    }
    Answer instead = answers.read(node, "on-all-unhealthy");
    return group == null || instead == null
        ? null
        : guarded(group, Rule.INSTEAD, Optional.of(instead));
  }

  private static Answer guarded(Answer group, Rule rule, Optional<Answer> instead) {
    Optional<Candidate> other = instead.map(Answer::candidate);
    return with(
        group,
        new OnAllUnhealthy(group.candidate(), rule, other),
        Math.max(group.depth(), instead.map(Answer::depth).orElse(0)) + 1 - group.depth(),
        instead.map(Answer::branches).orElse(0));
  }

  private static Answer with(Answer answer, Target target, int moreDepth, int moreBranches) {
    return new Answer(
        answer.id(),
        target,
        answer.place(),
        answer.depth() + moreDepth,
        answer.branches() + moreBranches);
  }
}
