package dev.meridian.policy;

import java.util.List;

/**
 * The first healthy candidate in the order written.
 *
 * <pre>
 * primary    secondary   answer
 * healthy    any         primary
 * unhealthy  healthy     secondary
 * unhealthy  unhealthy   primary (fail-open)
 * </pre>
 *
 * Source: Route 53 failover routing, extended from two candidates to any number.
 *
 * @param candidates the preferred first
 */
public record Failover(List<Candidate> candidates) implements RoutingPolicy {
  /** Copies the list. */
  public Failover {
    candidates = List.copyOf(candidates);
  }

  @Override
  public String keyword() {
    return "failover";
  }
}
