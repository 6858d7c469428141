package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The healthy candidate in the region with the lowest latency to the client.
 *
 * <pre>
 * the client's network is   latency to a region
 * in the table              the table's figure; a region without one comes after those with one
 * not in the table          1 ms + 1 ms for each 100 km of distance
 *
 * client without coordinates and not in the table: in the order written
 * China rule: a client in CN gets region cn-north-1 whatever the latency
 * nothing healthy: the best region
 * </pre>
 *
 * Source: Route 53 latency routing; the table is the operator's.
 */
public record Latency(List<Site> sites) implements RoutingPolicy {
  /**
   * A candidate and the region that it stands in.
   *
   * @param region its name in the latency table; free-form, AWS's names have coordinates built in
   * @param coordinates for clients that the table does not cover; null if unknown
   */
  public record Site(Candidate candidate, String region, @Nullable Coordinates coordinates) {}

  /** Copies the list. */
  public Latency {
    sites = List.copyOf(sites);
  }

  @Override
  public List<Candidate> candidates() {
    return sites.stream().map(Site::candidate).toList();
  }

  @Override
  public String keyword() {
    return "latency";
  }
}
