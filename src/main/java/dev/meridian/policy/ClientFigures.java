package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import dev.meridian.geo.Location;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import java.util.Locale;
import java.util.stream.Collectors;

/** What policies go by, in figures that people read: kilometres, milliseconds, weights, blocks. */
final class ClientFigures {
  private final ClientSpace space;
  private final Location place;
  private final int latencyRow;

  /** Those of one client, who is at a place. */
  ClientFigures(ClientSpace space, Location place, ClientAddress client) {
    this.space = space;
    this.place = place;
    this.latencyRow = space.latencyRow(client);
  }

  /** What a policy goes by at a candidate, as far as it is the same for every client. */
  static String selector(RoutingPolicy policy, int position) {
    return switch (policy) {
      case Simple _, MultivalueAnswer _, Geoproximity _, Latency _, OnAllUnhealthy _ -> "";
      case Weighted p -> "weight " + p.shares().get(position).weight();
      case Failover _ -> position == 0 ? "primary" : "secondary " + position;
      case Geolocation p -> p.regions().get(position).key().toString();
      case IpBased p -> {
        IpBased.Network network = p.networks().get(position);
        yield network.isDefault()
            ? "default"
            : network.blocks().stream().map(Prefix::toString).collect(Collectors.joining(" "));
      }
    };
  }

  /** How far a site is, and what its bias makes of that. */
  String proximity(Geoproximity.Site site) {
    double biased = Geoproximity.biasedDistance(site, place);
    Coordinates client = place.coordinates();
    if (client == null) {
      return String.format(Locale.ROOT, "place unknown, factor %.2f", biased);
    }
    String distance = kilometres(site.coordinates().distanceKm(client));
    return site.bias() == 0
        ? distance
        : String.format(
            Locale.ROOT, "%s, bias %+d: as %s", distance, site.bias(), kilometres(biased));
  }

  private static String kilometres(double distance) {
    return String.format(Locale.ROOT, "%.0f km", distance);
  }

  /** By how much a site is farther than another, as its policy measures. */
  String farther(Geoproximity.Site site, Geoproximity.Site best) {
    double more =
        Geoproximity.biasedDistance(site, place) - Geoproximity.biasedDistance(best, place);
    return place.coordinates() == null ? "" : ": farther by " + kilometres(more);
  }

  /** By how much the way to a site takes longer, if that is known. */
  String slower(Latency.Site site, Latency.Site best) {
    double more = milliseconds(site) - milliseconds(best);
    return more > 0 && more < 1e5 ? String.format(Locale.ROOT, ": slower by %.0f ms", more) : "";
  }

  private double milliseconds(Latency.Site site) {
    return Latency.milliseconds(site, place, space.latency(), latencyRow);
  }

  /** How long the way to a site takes, or how far it is where that is not known. */
  String latency(Latency.Site site) {
    double measured = latencyRow == 0 ? Double.NaN : space.latency().ms(latencyRow, site.region());
    if (!Double.isNaN(measured)) {
      return String.format(Locale.ROOT, "%s %.0f ms", site.region(), measured);
    }
    Coordinates from = place.coordinates();
    Coordinates to = site.coordinates();
    if (from == null || to == null) {
      return site.region() + ", nothing known";
    }
    return site.region() + ", " + kilometres(from.distanceKm(to));
  }
}
