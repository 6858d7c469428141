package dev.meridian.policy;

import dev.meridian.geo.GeoAnswer;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;

/**
 * All that is known of where clients are.
 *
 * @param geo places and AS numbers by address
 * @param latency the operator's measurements; may be empty
 */
public record ClientSpace(GeoDatabase geo, LatencyTable latency) {
  /** The client's row of the latency table, by prefix, else AS number, else country; 0: none. */
  int latencyRow(ClientAddress client) {
    int byPrefix = PrefixPartition.value(latency.rowsByPrefix().find(client));
    if (byPrefix != 0) {
      return byPrefix;
    }
    GeoAnswer known = geo.lookup(Prefix.of(client));
    int byAsn = latency.rowByAsn(known.asNumber());
    return byAsn != 0 ? byAsn : latency.rowByCountry(known.location().country());
  }
}
