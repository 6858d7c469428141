package dev.meridian.policy;

import dev.meridian.health.HealthRegistry;

/**
 * One branch of a policy (Route 53: one resource record set of a group).
 *
 * @param id what explanations call it: endpoint, pool, or SetIdentifier
 * @param target what it leads to: records, another name, or another policy
 * @param healthCheck number of the branch's own check, or {@link HealthRegistry#NONE}
 * @param evaluateTargetHealth whether the branch also needs something healthy inside its target
 */
public record Candidate(String id, Target target, int healthCheck, boolean evaluateTargetHealth) {
  /** A branch whose health is that of its target: what the policy file means. */
  public static Candidate of(String id, Target target) {
    return new Candidate(id, target, HealthRegistry.NONE, true);
  }
}
