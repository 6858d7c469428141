package dev.meridian.policy;

import org.jspecify.annotations.Nullable;

/**
 * Policies that rank all their candidates for every client. What they have in common is the band:
 *
 * <pre>
 * band   answer
 * none   the nearest healthy candidate
 * w      one of the healthy candidates at most w farther than the nearest healthy one, in
 *        proportion to weight
 * </pre>
 *
 * "Nearest" is the policy's own order. The band is measured from the nearest <em>healthy</em>
 * candidate, so that what was far is shared too once all that was near is down.
 */
public sealed interface NearestFirst extends RoutingPolicy permits Geoproximity, Latency {
  /** Who shares; null: nobody. */
  @Nullable Band band();

  /** The weight of a candidate among those that share, 1 to {@link Weighted#MAX_WEIGHT}. */
  long weight(int position);
}
