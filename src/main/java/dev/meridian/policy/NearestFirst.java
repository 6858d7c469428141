package dev.meridian.policy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Policies that rank all their candidates for every client. What they have in common:
 *
 * <pre>
 * band   answer
 * none   the nearest healthy candidate
 * w      one of the healthy candidates at most w farther than the nearest healthy one, in
 *        proportion to weight
 *
 * spill  answer
 * yes    the nearest healthy candidate with room: each takes at most its capacity, a share of all
 *        clients (see {@link Cells}); a policy has a band or spills, not both
 * </pre>
 *
 * "Nearest" is the policy's own order. The band is measured from the nearest <em>healthy</em>
 * candidate, so that what was far is shared too once all that was near is down.
 */
public sealed interface NearestFirst extends RoutingPolicy permits Geoproximity, Latency {
  /** Who shares; null: nobody. */
  @Nullable Band band();

  /** Whether clients beyond a candidate's capacity go to the next. */
  boolean spills();

  /** A candidate in its place. */
  interface Place {
    Candidate candidate();

    /** Among those that share, 1 to {@link Weighted#MAX_WEIGHT}. */
    long weight();

    /** The share of all clients that it takes if the policy spills; infinity: any. */
    double capacity();
  }

  /** All candidates; their positions in this list are what an order consists of. */
  List<? extends Place> sites();

  /** The share of all clients that a candidate takes if the policy spills; infinity: any. */
  default double capacity(int position) {
    return sites().get(position).capacity();
  }

  /** The weight of a candidate among those that share. */
  default long weight(int position) {
    return sites().get(position).weight();
  }

  /** The candidate at a position. */
  default Candidate candidate(int position) {
    return sites().get(position).candidate();
  }

  @Override
  default List<Candidate> candidates() {
    return sites().stream().<Candidate>map(Place::candidate).toList();
  }

  /** The policy's own order for a client: positions, the nearest first, equally near ones by id. */
  default int[] order(Nearness nearness) {
    return nearness.order(byId());
  }

  /** The positions of all candidates by their ids. */
  default int[] byId() {
    return IntStream.range(0, candidates().size())
        .boxed()
        .sorted(Comparator.comparing(position -> candidate(position).id()))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
