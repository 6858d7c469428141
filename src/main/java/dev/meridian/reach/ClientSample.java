package dev.meridian.reach;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.Location;
import dev.meridian.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The clients that shares are worked out for: of each place that the geo database knows, the
 * largest IPv4 network there, weighted with all the addresses of the place. Addresses are not
 * people, but nobody counts people by network; what is drawn from this is a picture, not a bill.
 * Immutable.
 *
 * @param places the heaviest first; their weights add up to 1
 */
public record ClientSample(List<Place> places) {
  /** Of no country more places than this: the rest counts with the largest. */
  private static final int PLACES_PER_COUNTRY = 8;

  /** The longest prefix that resolvers send, so that blocks are matched by it. */
  private static final int CLIENT_LENGTH = 24;

  /**
   * One place.
   *
   * @param subdivision empty if the database has none
   * @param client who stands for it
   * @param weight part of all addresses that are placed: 0 to 1
   */
  public record Place(
      String continent, String country, String subdivision, Prefix client, double weight) {}

  /** Copies the list. */
  public ClientSample {
    places = List.copyOf(places);
  }

  /** The sample of a database; takes a walk through all of it. */
  public static ClientSample of(GeoDatabase geo) {
    Map<String, Map<String, Area>> countries = new LinkedHashMap<>();
    Area[] byLocation = new Area[geo.locationCount()];
    for (int i = 0; i < byLocation.length; i++) {
      Location location = geo.location(i);
      if (!location.country().isEmpty()) {
        byLocation[i] =
            countries
                .computeIfAbsent(location.country(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(location.subdivision(), _ -> new Area(location));
      }
    }
    geo.places()
        .forEach(
            (ipv4, _, low, length, value) -> {
              Area area = byLocation[value];
              if (ipv4 && area != null) {
                area.add(low, length);
              }
            });
    return weighted(countries.values().stream().flatMap(each -> largest(each).stream()).toList());
  }

  private static List<Area> largest(Map<String, Area> country) {
    List<Area> areas =
        country.values().stream()
            .filter(area -> area.addresses > 0)
            .sorted(Comparator.comparingLong((Area area) -> -area.addresses))
            .toList();
    List<Area> kept = areas.subList(0, Math.min(PLACES_PER_COUNTRY, areas.size()));
    areas.stream().skip(kept.size()).forEach(rest -> kept.getFirst().addresses += rest.addresses);
    return kept;
  }

  private static ClientSample weighted(List<Area> areas) {
    double total = areas.stream().mapToLong(area -> area.addresses).sum();
    List<Place> places = new ArrayList<>();
    areas.stream()
        .sorted(Comparator.comparingLong(area -> -area.addresses))
        .forEach(area -> places.add(area.place(total)));
    return new ClientSample(places);
  }

  /** The addresses of one country and subdivision, while they are counted. */
  private static final class Area {
    private final Location location;
    private long addresses;
    private long first;
    private int shortest = 33;

    Area(Location location) {
      this.location = location;
    }

    void add(long address, int length) {
      addresses += 1L << (32 - length);
      if (length < shortest) {
        shortest = length;
        first = address;
      }
    }

    Place place(double total) {
      Prefix client = new Prefix(true, 0, first, Math.max(shortest, CLIENT_LENGTH));
      return new Place(
          location.continent(),
          location.country(),
          location.subdivision(),
          client,
          addresses / total);
    }
  }
}
