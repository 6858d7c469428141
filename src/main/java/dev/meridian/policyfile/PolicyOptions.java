package dev.meridian.policyfile;

import dev.meridian.policy.Band;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Geoproximity;
import dev.meridian.policy.Latency;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.NearestFirst;
import dev.meridian.policy.OnAllUnhealthy;
import dev.meridian.policy.OnAllUnhealthy.Rule;
import dev.meridian.policy.Sticky;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import dev.meridian.policyfile.AnswerReader.Answer;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlValues;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what can stand beside a policy: who shares, how it sticks, and how it fails. */
final class PolicyOptions {
  static final List<String> KEYS = List.of("within", "spill", "sticky", "on-all-unhealthy");

  private static final Pattern KILOMETRES = Pattern.compile("(20000|1\\d{4}|[1-9]\\d{0,3})\\s?km");
  private static final Pattern MILLISECONDS =
      Pattern.compile("(20000|1\\d{4}|[1-9]\\d{0,3})\\s?ms");

  private static final String FAIL_OPEN = "fail-open";

  private final YamlValues nodes;
  private final AnswerReader answers;

  PolicyOptions(YamlValues nodes, AnswerReader answers) {
    this.nodes = nodes;
    this.answers = answers;
  }

  /**
   * The answer with what stands beside it; null after an error.
   *
   * @param answer null after an error in it: the options are then read for their mistakes
   */
  @Nullable Answer read(Mapping mapping, @Nullable Answer answer) {
    YamlNode within = YamlValues.get(mapping, "within");
    YamlNode sticky = YamlValues.get(mapping, "sticky");
    YamlNode rule = YamlValues.get(mapping, "on-all-unhealthy");
    Answer sharing =
        within == null ? withoutBand(mapping, answer) : within(within, mapping, answer);
    YamlNode spill = YamlValues.get(mapping, "spill");
    sharing = spill == null ? sharing : spill(spill, mapping, sharing);
    Answer sticking = sticky == null ? sharing : sticky(sticky, mapping, sharing);
    return rule == null ? sticking : onAllUnhealthy(rule, sticking);
  }

  /** The band of geoproximity or latency; null after an error. */
  private @Nullable Answer within(YamlNode node, Mapping mapping, @Nullable Answer answer) {
    boolean byDistance = YamlValues.get(mapping, "geoproximity") != null;
    if (!byDistance && YamlValues.get(mapping, "latency") == null) {
      nodes.reporter().error(node.position(), "within stands beside geoproximity or latency");
      return null;
    }
    String text = nodes.text(node, "within");
    Matcher band = (byDistance ? KILOMETRES : MILLISECONDS).matcher(text == null ? "" : text);
    if (!band.matches()) {
      if (text != null) {
        nodes
            .reporter()
            .error(
                node.position(),
                byDistance
                    ? "within is a distance beside geoproximity: 1km to 20000km, such as 300km"
                    : "within is a latency beside latency: 1ms to 20000ms, such as 20ms");
      }
      return null;
    }
    double width = Integer.parseInt(band.group(1));
    return answer != null && answer.target() instanceof NearestFirst policy
        ? with(answer, banded(policy, new Band(width, null)), 0, 0)
        : null;
  }

  private static Target banded(NearestFirst policy, Band band) {
    return switch (policy) {
      case Geoproximity p -> new Geoproximity(p.sites(), band, false);
      case Latency p -> new Latency(p.sites(), band, false);
    };
  }

  /** The policy that spills; null after an error. */
  private @Nullable Answer spill(YamlNode node, Mapping mapping, @Nullable Answer answer) {
    Boolean wanted = nodes.bool(node, "spill");
    String error = "";
    if (YamlValues.get(mapping, "geoproximity") == null
        && YamlValues.get(mapping, "latency") == null) {
      error = "spill stands beside geoproximity or latency";
    } else if (YamlValues.get(mapping, "within") != null) {
      error = "within and spill are two ways to spread clients; keep one of them";
    } else if (Boolean.FALSE.equals(wanted)) {
      return answer;
    } else if (answer != null && answer.target() instanceof NearestFirst policy) {
      error = capacityError(policy);
      warnOfCapacity(node, policy);
    }
    if (!error.isEmpty()) {
      nodes.reporter().error(node.position(), error);
      return null;
    }
    return answer != null && wanted != null && answer.target() instanceof NearestFirst policy
        ? with(answer, spilling(policy), 0, 0)
        : null;
  }

  private static Target spilling(NearestFirst policy) {
    return switch (policy) {
      case Geoproximity p -> new Geoproximity(p.sites(), null, true);
      case Latency p -> new Latency(p.sites(), null, true);
    };
  }

  private static String capacityError(NearestFirst policy) {
    for (int i = 0; i < policy.candidates().size(); i++) {
      if (policy.capacity(i) != YamlValues.ANY_CAPACITY) {
        return "";
      }
    }
    return "nothing here has a capacity, so nothing can spill; write capacity: 40% on endpoints,"
        + " pools or branches";
  }

  private void warnOfCapacity(YamlNode node, NearestFirst policy) {
    double total = 0;
    for (int i = 0; i < policy.candidates().size(); i++) {
      total += policy.capacity(i);
    }
    if (total < 1) {
      nodes
          .reporter()
          .warning(
              node.position(),
              "capacities come to "
                  + Math.round(total * 1000) / 10.0
                  + "% of all clients: everything is overloaded even while all are healthy");
    }
  }

  /** Without a band only the nearest answers, and a weight would say nothing. */
  private @Nullable Answer withoutBand(Mapping mapping, @Nullable Answer answer) {
    for (Entry entry : mapping.entries()) {
      boolean nearest = List.of("geoproximity", "latency").contains(entry.key().text());
      if (nearest && answer != null && answer.target() instanceof NearestFirst policy) {
        for (int i = 0; i < policy.candidates().size(); i++) {
          if (policy.weight(i) != 1) {
            nodes
                .reporter()
                .error(
                    entry.key().position(),
                    "a weight counts among those that share; write within beside "
                        + entry.key().text()
                        + ", or remove the weight");
            return null;
          }
        }
      }
    }
    return answer;
  }

  private @Nullable Answer sticky(YamlNode node, Mapping mapping, @Nullable Answer answer) {
    if (YamlValues.get(mapping, "weighted") == null
        && YamlValues.get(mapping, "multivalue") == null
        && YamlValues.get(mapping, "within") == null) {
      nodes
          .reporter()
          .error(
              node.position(),
              "sticky stands beside weighted, multivalue or within; other policies throw no dice");
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
      case NearestFirst policy when policy.band() != null ->
          banded(policy, new Band(policy.band().within(), sticky));
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
    YamlNode ipv4 = YamlValues.get(written, "ipv4");
    YamlNode ipv6 = YamlValues.get(written, "ipv6");
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
        answer.capacity(),
        answer.depth() + moreDepth,
        answer.branches() + moreBranches);
  }
}
