package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The healthy candidate at the smallest biased distance.
 *
 * <pre>
 * bias b       biased distance
 * 0 to 99      distance * (1 - b/100)
 * -99 to -1    distance / (1 + b/100)
 *
 * client without coordinates: candidates by factor, smallest first; equal ones share in a band
 * equal distances: by id
 * nothing healthy: the nearest by biased distance
 * </pre>
 *
 * With a band, in biased kilometres, see {@link NearestFirst}. Source: Route 53 geoproximity
 * routing, which has no band.
 *
 * @param sites in the order written
 * @param band whose width is in biased kilometres; null: only the nearest answers
 * @param spills whether a site that is full passes clients on to the next nearest
 */
public record Geoproximity(List<Site> sites, @Nullable Band band, boolean spills)
    implements NearestFirst {
  /**
   * A candidate.
   *
   * @param coordinates where it is
   * @param bias -99 to 99
   * @param weight among those that share a client, 0 to {@link Weighted#MAX_WEIGHT}
   * @param capacity the share of all clients that it takes at most; infinity: any
   */
  public record Site(
      Candidate candidate, Coordinates coordinates, int bias, long weight, double capacity)
      implements Place {
    /** One that shares evenly and has room for all. */
    public Site(Candidate candidate, Coordinates coordinates, int bias) {
      this(candidate, coordinates, bias, 1, Double.POSITIVE_INFINITY);
    }

    /** What distances to this site are multiplied by: 0.01 to 100. */
    public double factor() {
      return bias >= 0 ? 1 - bias / 100.0 : 1 / (1 + bias / 100.0);
    }
  }

  /** Copies the list. */
  public Geoproximity {
    sites = List.copyOf(sites);
  }

  /** With neither. */
  public Geoproximity(List<Site> sites) {
    this(sites, null, false);
  }

  /** How near the sites are to a place. */
  Nearness nearness(Location place) {
    return new Nearness(
        new int[sites.size()],
        sites.stream().mapToDouble(site -> biasedDistance(site, place)).toArray(),
        band == null || place.coordinates() == null ? 0 : band.within());
  }

  /** Kilometres times factor; the factor alone if nobody knows where the client is. */
  static double biasedDistance(Site site, Location place) {
    Coordinates client = place.coordinates();
    return client == null ? site.factor() : site.coordinates().distanceKm(client) * site.factor();
  }

  @Override
  public String keyword() {
    return "geoproximity";
  }
}
