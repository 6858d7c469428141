package dev.meridian.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several candidates at once.
 *
 * <pre>
 * healthy candidates   answer
 * 1 to max             all of them
 * more than max        max of them, a random combination for each query, or for each client if it
 *                      is sticky
 * none                 as if all were healthy
 * </pre>
 *
 * The order is random, or the client's own if it is sticky. The TTL is the smallest of those chosen
 * (RFC 2181 §5.2: one RRset, one TTL). Source: Route 53 multivalue answer routing, whose max is 8.
 *
 * @param candidates in the order written
 * @param max 1 or more
 * @param sticky how much of a client decides; null: dice are thrown for every query
 */
public record MultivalueAnswer(List<Candidate> candidates, int max, @Nullable Sticky sticky)
    implements RoutingPolicy {
  /** Route 53's limit, and the default. */
  public static final int DEFAULT_MAX = 8;

  /** Copies the list. */
  public MultivalueAnswer {
    candidates = List.copyOf(candidates);
    if (max < 1) {
      throw new IllegalArgumentException("max must be 1 or more: " + max);
    }
  }

  /** Dice for every query, as in Route 53. */
  public MultivalueAnswer(List<Candidate> candidates, int max) {
    this(candidates, max, null);
  }

  @Override
  public String keyword() {
    return "multivalue";
  }
}
