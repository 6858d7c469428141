package dev.meridian.policy;

import dev.meridian.geo.CityNames;
import dev.meridian.geo.Location;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The healthy candidate whose key is the most specific for the client.
 *
 * <pre>
 * the client's chain (those that exist)                 answer
 * AS number, city, subdivision, country, continent,     first healthy one
 *   default
 * nothing known of the client: default                  that one
 * none of the chain healthy                             first of the chain: the smallest region
 * chain empty                                           no answer: NODATA
 *
 * among cities:        by GeoNames id, by name in a subdivision, by name in a country
 * among subdivisions:  the inner before the outer (FR-75 before FR-IDF)
 * </pre>
 *
 * A neighbour outside the chain is never used. Source: Route 53 geolocation routing, which ends at
 * countries and the states of the US.
 */
public record Geolocation(List<Region> regions) implements RoutingPolicy {
  /**
   * Where a candidate applies; parts that are not used are empty or 0.
   *
   * @param continent alone
   * @param country alone, or with a subdivision or a city
   * @param subdivision behind its country, of whatever depth
   * @param city its name, folded by {@link CityNames}, with its country
   * @param geonameId a city alone
   * @param asNumber a network alone
   */
  public record Key(
      String continent,
      String country,
      String subdivision,
      String city,
      int geonameId,
      int asNumber) {
    /** Everywhere, and clients that cannot be placed. */
    public static final Key DEFAULT = new Key("", "", "", "", 0, 0);

    private static final int NO_MATCH = -1;

    /** All of a continent. */
    public static Key continent(String code) {
      return new Key(code, "", "", "", 0, 0);
    }

    /** All of a country. */
    public static Key country(String code) {
      return new Key("", code, "", "", 0, 0);
    }

    /** A subdivision of ISO 3166-2. */
    public static Key subdivision(String country, String code) {
      return new Key("", country, code, "", 0, 0);
    }

    /**
     * The cities of a name.
     *
     * @param subdivision empty for all in the country
     */
    public static Key city(String country, String subdivision, String name) {
      return new Key("", country, subdivision, CityNames.fold(name), 0, 0);
    }

    /** One city by its number in GeoNames. */
    public static Key geoname(int id) {
      return new Key("", "", "", "", id, 0);
    }

    /** An autonomous system. */
    public static Key network(int asNumber) {
      return new Key("", "", "", "", 0, asNumber);
    }

    /** Whether it applies to every client. */
    public boolean isDefault() {
      return equals(DEFAULT);
    }

    /** Whether a client at this place is inside; never for a key that is a network. */
    public boolean matches(Location place) {
      return rank(place) != NO_MATCH;
    }

    /** How specific the key is for a place that it matches. */
    private int rank(Location place) {
      if (geonameId > 0) {
        return geonameId == place.geonameId() ? 8 : NO_MATCH;
      }
      if (!city.isEmpty()) {
        return cityRank(place);
      }
      if (!subdivision.isEmpty()) {
        return country.equals(place.country()) ? subdivisionRank(place, 3) : NO_MATCH;
      }
      if (!country.isEmpty()) {
        return country.equals(place.country()) ? 2 : NO_MATCH;
      }
      if (!continent.isEmpty()) {
        return continent.equals(place.continent()) ? 1 : NO_MATCH;
      }
      return asNumber > 0 ? NO_MATCH : 0;
    }

    private int cityRank(Location place) {
      if (!country.equals(place.country()) || !city.equals(CityNames.fold(place.city()))) {
        return NO_MATCH;
      }
      return subdivision.isEmpty() ? 5 : subdivisionRank(place, 6);
    }

    private int subdivisionRank(Location place, int outer) {
      if (subdivision.equals(place.subdivision())) {
        return outer;
      }
      return subdivision.equals(place.district()) ? outer + 1 : NO_MATCH;
    }

    /** As the policy file writes it. */
    @Override
    public String toString() {
      if (asNumber > 0) {
        return "asn:" + asNumber;
      }
      if (geonameId > 0) {
        return "city:" + geonameId;
      }
      String area = subdivision.isEmpty() ? country : country + "-" + subdivision;
      if (!city.isEmpty()) {
        return "city:" + area + "/" + city;
      }
      return !area.isEmpty() ? area : continent.isEmpty() ? "default" : "continent:" + continent;
    }
  }

  /** A candidate and where it applies. No two of one policy have the same key. */
  public record Region(Candidate candidate, Key key) {}

  /** Copies the list. */
  public Geolocation {
    regions = List.copyOf(regions);
  }

  /** Positions of the regions around a place, the most specific first; networks left out. */
  int[] order(Location place) {
    return IntStream.range(0, regions.size())
        .filter(i -> regions.get(i).key().matches(place))
        .boxed()
        .sorted(Comparator.comparingInt(i -> -regions.get(i).key().rank(place)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The positions, at most one, of an AS number's region: it comes before all places. */
  int[] networkOrder(int asNumber) {
    return IntStream.range(0, regions.size())
        .filter(i -> asNumber > 0 && regions.get(i).key().asNumber() == asNumber)
        .toArray();
  }

  /** The AS numbers that have a region of their own. */
  IntStream asNumbers() {
    return regions.stream().mapToInt(region -> region.key().asNumber()).filter(asn -> asn > 0);
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
