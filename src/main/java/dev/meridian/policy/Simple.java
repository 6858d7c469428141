package dev.meridian.policy;

import java.util.List;

/**
 * One candidate, always.
 *
 * <pre>
 * candidate   answer
 * healthy     all its records, in random order
 * unhealthy   the same (a group of one fails open)
 * </pre>
 *
 * Source: Route 53 simple routing, which answers several values in random order.
 */
public record Simple(Candidate candidate) implements RoutingPolicy {
  @Override
  public List<Candidate> candidates() {
    return List.of(candidate);
  }

  @Override
  public String keyword() {
    return "simple";
  }
}
