package dev.meridian.policy;

import dev.meridian.health.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One candidate, in proportion to weight: at random for each query, or for each client if it is
 * sticky.
 *
 * <pre>
 * first set that is not empty            choice in it
 * W1  healthy and weight > 0             proportional to weight
 * W2  healthy and weight = 0             uniform
 * W3  nothing healthy: all, weight > 0   proportional to weight
 * W4  nothing healthy, all weights 0     uniform
 * </pre>
 *
 * Sticky, a client keeps its candidate until that one leaves the set, or another that is better for
 * it comes in (see {@link Rendezvous}).
 *
 * <p>Source: Route 53 weighted routing. A weight is 0 to 2^32-1 (Route 53 stops at 255).
 *
 * @param shares in the order written
 * @param sticky how much of a client decides; null: dice are thrown for every query
 */
public record Weighted(List<Share> shares, @Nullable Sticky sticky) implements RoutingPolicy {
  /** The largest weight: so that the sum of all of a tree, in hundredths, still fits a long. */
  public static final long MAX_WEIGHT = Weight.MAX_NUMBER;

  /** A candidate and its weight, 0 to {@link #MAX_WEIGHT}. */
  public record Share(Candidate candidate, long weight) {}

  /** Copies the list. */
  public Weighted {
    shares = List.copyOf(shares);
  }

  /** Dice for every query, as in Route 53. */
  public Weighted(List<Share> shares) {
    this(shares, null);
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
