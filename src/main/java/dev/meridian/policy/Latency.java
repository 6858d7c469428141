package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.LatencyTable;
import dev.meridian.geo.Location;
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
 * client without coordinates and not in the table: by id
 * China rule: a client in CN gets region cn-north-1 whatever the latency
 * nothing healthy: the best region
 * </pre>
 *
 * With a band, in milliseconds, see {@link NearestFirst}: those before others by the China rule, or
 * because the table has them, do not share with these. Source: Route 53 latency routing, which has
 * no band; the table is the operator's.
 *
 * @param sites in the order written
 * @param band whose width is in milliseconds; null: only the nearest answers
 * @param spills whether a site that is full passes clients on to the next nearest
 */
public record Latency(List<Site> sites, @Nullable Band band, boolean spills)
    implements NearestFirst {
  /** The region that clients in China are always answered with. */
  private static final String CHINA = "cn-north-1";

  /** Slower than anything on Earth. */
  private static final double UNKNOWN_MS = 1e6;

  /**
   * A candidate and the region that it stands in.
   *
   * @param region its name in the latency table; free-form, AWS's names have coordinates built in
   * @param coordinates for clients that the table does not cover; null if unknown
   * @param weight among those that share a client, 0 to {@link Weighted#MAX_WEIGHT}
   * @param capacity the share of all clients that it takes at most; infinity: any
   */
  public record Site(
      Candidate candidate,
      String region,
      @Nullable Coordinates coordinates,
      long weight,
      double capacity)
      implements Place {
    /** One that shares evenly and has room for all. */
    public Site(Candidate candidate, String region, @Nullable Coordinates coordinates) {
      this(candidate, region, coordinates, 1, Double.POSITIVE_INFINITY);
    }
  }

  /** Copies the list. */
  public Latency {
    sites = List.copyOf(sites);
  }

  /** With neither. */
  public Latency(List<Site> sites) {
    this(sites, null, false);
  }

  /**
   * How near the sites are to a client.
   *
   * @param row of the table for the client, 0 if there is none
   */
  Nearness nearness(Location place, LatencyTable table, int row) {
    boolean china = hasChinaRule(place);
    return new Nearness(
        sites.stream().mapToInt(site -> tier(site, china, table, row)).toArray(),
        sites.stream().mapToDouble(site -> milliseconds(site, place, table, row)).toArray(),
        band == null ? 0 : band.within());
  }

  private static int tier(Site site, boolean china, LatencyTable table, int row) {
    int chosen = china && site.region().equals(CHINA) ? 0 : 2;
    return chosen + (Double.isNaN(measured(site, table, row)) ? 1 : 0);
  }

  /** Whether the client is in China and there is a region for it. */
  boolean hasChinaRule(Location place) {
    return place.country().equals("CN")
        && sites.stream().anyMatch(site -> site.region().equals(CHINA));
  }

  private static double measured(Site site, LatencyTable table, int row) {
    return row == 0 ? 0 : table.ms(row, site.region());
  }

  /** Measured if the table has it, else by distance, else a constant: then the order is by id. */
  static double milliseconds(Site site, Location place, LatencyTable table, int row) {
    double measured = row == 0 ? Double.NaN : table.ms(row, site.region());
    if (!Double.isNaN(measured)) {
      return measured;
    }
    Coordinates from = place.coordinates();
    Coordinates to = site.coordinates();
    return from == null || to == null ? UNKNOWN_MS : 1 + from.distanceKm(to) / 100;
  }

  @Override
  public String keyword() {
    return "latency";
  }
}
