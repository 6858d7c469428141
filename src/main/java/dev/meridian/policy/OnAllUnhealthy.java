package dev.meridian.policy;

import java.util.List;
import java.util.Optional;

/**
 * What a group answers while nothing in it is healthy.
 *
 * <pre>
 * of those that apply to the client   rule        answer
 * something is healthy                any         the group's
 * there are none                      any         the group's: no answer
 * none is healthy                     fail-open   the group's, as if all were healthy
 *                                     last-good   the group's when something last was; if that is
 *                                                 not known, as fail-open
 *                                     nodata      NODATA
 *                                     servfail    SERVFAIL
 *                                     instead     the other answer, whatever its health
 * </pre>
 *
 * The health of all this is the group's alone. So a policy around it that has something healthy
 * elsewhere backs out first, and the rule acts only where the group is answered from after all.
 * Route 53 knows fail-open only; groups without a rule have it.
 *
 * @param group what the rule is about
 * @param instead the other answer; there for {@link Rule#INSTEAD} and for no other
 */
public record OnAllUnhealthy(Candidate group, Rule rule, Optional<Candidate> instead)
    implements RoutingPolicy {
  static final String KEYWORD = "on-all-unhealthy";

  /** The rules. */
  public enum Rule {
    LAST_GOOD("last-good"),
    NODATA("nodata"),
    SERVFAIL("servfail"),
    INSTEAD("answer");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    /** As the policy file has it. */
    public String text() {
      return text;
    }
  }

  /** Checks that the other answer is there where it is needed. */
  public OnAllUnhealthy {
    if (instead.isPresent() != (rule == Rule.INSTEAD)) {
      throw new IllegalArgumentException("another answer is for INSTEAD: " + rule);
    }
  }

  @Override
  public List<Candidate> candidates() {
    return instead.map(other -> List.of(group, other)).orElse(List.of(group));
  }

  @Override
  public String keyword() {
    return KEYWORD;
  }

  /** The rule as the policy file has it: {@code on-all-unhealthy: nodata}. */
  String text() {
    return KEYWORD + ": " + instead.map(Candidate::id).orElse(rule.text());
  }
}
