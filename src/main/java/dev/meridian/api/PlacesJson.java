package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.geo.Coordinates;
import dev.meridian.health.HealthBoard;
import dev.meridian.reach.EndpointSite;
import dev.meridian.reach.Situation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where endpoints stand: what a map of the world needs, in as many entries as there are places,
 * however many endpoints stand at one.
 */
final class PlacesJson {
  private static final int MAX_PLACES = 500;

  private PlacesJson() {}

  private record Place(@Nullable String region, Coordinates at) {}

  static void write(JsonGenerator json, Situation situation, HealthBoard board) throws IOException {
    Map<Place, List<EndpointSite>> places = new LinkedHashMap<>();
    for (EndpointSite site : situation.reach().endpoints().values()) {
      Coordinates at = site.coordinates();
      if (at != null) {
        places.computeIfAbsent(new Place(site.region(), at), _ -> new ArrayList<>()).add(site);
      }
    }
    json.writeArrayFieldStart("places");
    for (Map.Entry<Place, List<EndpointSite>> each :
        places.entrySet().stream().limit(MAX_PLACES).toList()) {
      place(json, each.getKey(), each.getValue(), situation, board);
    }
    json.writeEndArray();
  }

  private static void place(
      JsonGenerator json,
      Place place,
      List<EndpointSite> sites,
      Situation situation,
      HealthBoard board)
      throws IOException {
    int[] states = new int[EndpointsJson.State.values().length];
    sites.forEach(site -> states[EndpointsJson.State.of(site, board).ordinal()]++);
    double share =
        sites.stream().mapToDouble(site -> Situation.share(site, situation::now)).max().orElse(0);
    json.writeStartObject();
    EndpointsJson.place(json, place.region(), place.at());
    json.writeStringField("endpoint", sites.getFirst().key().toString());
    json.writeNumberField("endpoints", sites.size());
    json.writeNumberField("down", states[EndpointsJson.State.UNHEALTHY.ordinal()]);
    json.writeNumberField("held", states[EndpointsJson.State.HELD.ordinal()]);
    json.writeNumberField("unwatched", states[EndpointsJson.State.UNWATCHED.ordinal()]);
    json.writeNumberField("share", SituationJson.rounded(share));
    json.writeEndObject();
  }
}
