package dev.meridian.policy;

import java.util.List;

/**
 * A random candidate, in proportion to weight.
 *
 * <pre>
 * first set that is not empty            choice in it
 * W1  healthy and weight > 0             proportional to weight
 * W2  healthy and weight = 0             uniform
 * W3  nothing healthy: all, weight > 0   proportional to weight
 * W4  nothing healthy, all weights 0     uniform
 * </pre>
 *
 * Source: Route 53 weighted routing. A weight is 0 to 2^32-1 (Route 53 stops at 255).
 */
public record Weighted(List<Share> shares) implements RoutingPolicy {
  /** The largest weight: so that a sum of 2^31 of them still fits a long. */
  public static final long MAX_WEIGHT = 0xFFFFFFFFL;

  /** A candidate and its weight, 0 to {@link #MAX_WEIGHT}. */
  public record Share(Candidate candidate, long weight) {}

  /** Copies the list. */
  public Weighted {
    shares = List.copyOf(shares);
  }

  @Override
  public List<Candidate> candidates() {
    return shares.stream().map(Share::candidate).toList();
  }

  @Override
  public String keyword() {
    return "weighted";
  }
}
