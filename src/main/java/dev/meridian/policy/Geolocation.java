package dev.meridian.policy;

import dev.meridian.geo.Location;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The healthy candidate whose key is the most specific for the client's place.
 *
 * <pre>
 * the client's chain (those that exist)         answer
 * subdivision, country, continent, default      first healthy one
 * place unknown: default                        that one
 * none of the chain healthy                     first of the chain: the smallest region
 * chain empty                                   no answer: NODATA
 * </pre>
 *
 * A neighbour outside the chain is never used. Source: Route 53 geolocation routing.
 */
public record Geolocation(List<Region> regions) implements RoutingPolicy {
  /** Where a candidate applies; parts that are not used are empty. */
  public record Key(String continent, String country, String subdivision) {
    /** Everywhere, and clients that cannot be placed. */
    public static final Key DEFAULT = new Key("", "", "");

    /** 3 subdivision, 2 country, 1 continent, 0 default. */
    public int specificity() {
      if (!subdivision.isEmpty()) {
        return 3;
      }
      return !country.isEmpty() ? 2 : !continent.isEmpty() ? 1 : 0;
    }

    /** Whether a client at this place is inside. */
    public boolean matches(Location place) {
      return switch (specificity()) {
        case 3 -> country.equals(place.country()) && subdivision.equals(place.subdivision());
        case 2 -> country.equals(place.country());
        case 1 -> continent.equals(place.continent());
        default -> true;
      };
    }

    /** As the policy file writes it. */
    @Override
    public String toString() {
      return switch (specificity()) {
        case 3 -> country + "-" + subdivision;
        case 2 -> country;
        case 1 -> "continent:" + continent;
        default -> "default";
      };
    }
  }

  /** A candidate and where it applies. No two of one policy have the same key. */
  public record Region(Candidate candidate, Key key) {}

  /** Copies the list. */
  public Geolocation {
    regions = List.copyOf(regions);
  }

  /** Positions of the regions around a place, the most specific first. */
  int[] order(Location place) {
    return IntStream.range(0, regions.size())
        .filter(i -> regions.get(i).key().matches(place))
        .boxed()
        .sorted(Comparator.comparingInt(i -> -regions.get(i).key().specificity()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Override
  public List<Candidate> candidates() {
    return regions.stream().map(Region::candidate).toList();
  }

  @Override
  public String keyword() {
    return "geolocation";
  }
}
