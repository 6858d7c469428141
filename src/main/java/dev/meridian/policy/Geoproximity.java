package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import java.util.List;

/**
 * The healthy candidate at the smallest biased distance.
 *
 * <pre>
 * bias b       biased distance
 * 0 to 99      distance * (1 - b/100)
 * -99 to -1    distance / (1 + b/100)
 *
 * client without coordinates: candidates by factor, smallest first
 * equal distances: by id
 * nothing healthy: the nearest by biased distance
 * </pre>
 *
 * Source: Route 53 geoproximity routing.
 */
public record Geoproximity(List<Site> sites) implements RoutingPolicy {
  /** A candidate, where it is, and its bias, -99 to 99. */
  public record Site(Candidate candidate, Coordinates coordinates, int bias) {
    /** What distances to this site are multiplied by: 0.01 to 100. */
    public double factor() {
      return bias >= 0 ? 1 - bias / 100.0 : 1 / (1 + bias / 100.0);
    }
  }

  /** Copies the list. */
  public Geoproximity {
    sites = List.copyOf(sites);
  }

  @Override
  public List<Candidate> candidates() {
    return sites.stream().map(Site::candidate).toList();
  }

  @Override
  public String keyword() {
    return "geoproximity";
  }
}
