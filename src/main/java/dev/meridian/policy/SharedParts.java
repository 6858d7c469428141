package dev.meridian.policy;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;
import dev.meridian.net.PrefixPartition;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of the client space that the cuts of several trees begin with. Those that have as many
 * runs as the databases are made once. Owned by one thread.
 */
final class SharedParts {
  private final ClientSpace space;
  private final Map<List<Integer>, PrefixPartition> byPlaces = new HashMap<>();
  private final Map<List<Integer>, PrefixPartition> byNetworks = new HashMap<>();
  private @Nullable PrefixPartition rowsByNetwork;

  SharedParts(ClientSpace space) {
    this.space = space;
  }

  /**
   * Every address with the number of its location in {@code byLocation}. Numbers are given out in
   * the order of locations, so policies that tell the same places apart meet in one partition.
   */
  PrefixPartition placesBy(int[] byLocation) {
    if (Arrays.stream(byLocation).allMatch(number -> number == byLocation[0])) {
      return PrefixPartition.uniform(byLocation[0]);
    }
    List<Integer> key = Arrays.stream(byLocation).boxed().toList();
    return byPlaces.computeIfAbsent(key, _ -> space.geo().places().renumber(byLocation));
  }

  /** Every address with one of these AS numbers, which are sorted, or 0 for all others. */
  PrefixPartition networksBy(List<Integer> named) {
    return byNetworks.computeIfAbsent(
        named,
        _ ->
            space.geo().networks().map(asn -> Collections.binarySearch(named, asn) >= 0 ? asn : 0));
  }

  /** The row of the latency table for each location's country. */
  int[] rowByLocation() {
    GeoDatabase geo = space.geo();
    int[] rows = new int[geo.locationCount()];
    Arrays.setAll(rows, i -> space.latency().rowByCountry(geo.location(i).country()));
    return rows;
  }

  /** The row of the latency table for each address's autonomous system. */
  PrefixPartition rowsByNetwork() {
    PrefixPartition known = rowsByNetwork;
    if (known == null) {
      known = space.geo().networks().map(space.latency()::rowByAsn);
      rowsByNetwork = known;
    }
    return known;
  }

  /**
   * Row numbers of the latency table where a mask is not 0: by prefix, else AS number, else
   * country.
   */
  PrefixPartition rows(PrefixPartition mask) {
    LatencyTable table = space.latency();
    // rows are few, so each part is small before the parts meet
    return PrefixPartition.combine(
        List.of(
            table.rowsByPrefix().where(mask),
            rowsByNetwork().where(mask),
            space.geo().places().where(mask).renumber(rowByLocation())),
        rows -> rows[0] != 0 ? rows[0] : rows[1] != 0 ? rows[1] : rows[2]);
  }
}
