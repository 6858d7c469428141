package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.geo.Coordinates;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.EndpointSite;
import dev.meridian.reach.NameShares;
import dev.meridian.reach.Reach;
import dev.meridian.reach.Situation;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Endpoints: where they are, how they are, and what share of the answers they have. */
final class EndpointsJson {
  private static final int MAX_NAMES = 20;

  private EndpointsJson() {}

  static JsonBody list(Situation situation, HealthBoard board, Paging paging) {
    List<EndpointSite> rows =
        situation.reach().endpoints().values().stream()
            .filter(site -> paging.matches(site.key() + " " + site.region() + " " + site.records()))
            .toList();
    return json -> {
      json.writeStartObject();
      paging.write(json, rows.size());
      json.writeArrayFieldStart("endpoints");
      for (EndpointSite site : paging.page(rows)) {
        row(json, situation, board, site);
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private static void row(
      JsonGenerator json, Situation situation, HealthBoard board, EndpointSite site)
      throws IOException {
    json.writeStartObject();
    head(json, site);
    SituationJson.strings(json, "records", site.records());
    List<HealthStatus> checks =
        site.checks().stream().mapToObj(board::status).filter(Objects::nonNull).toList();
    json.writeStringField("state", state(checks));
    json.writeArrayFieldStart("checks");
    for (HealthStatus check : checks) {
      json.writeStartObject();
      json.writeStringField("id", check.id());
      json.writeBooleanField("healthy", check.isHealthy());
      json.writeStringField("since", check.since().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    ClientSample sample = situation.reach().sample();
    share(json, "share", Situation.share(site, situation::now, sample));
    share(json, "atBest", Situation.share(site, situation.reach()::best, sample));
    names(json, situation, site);
    json.writeEndObject();
  }

  static void head(JsonGenerator json, EndpointSite site) throws IOException {
    json.writeStringField("endpoint", site.key().id());
    json.writeStringField("zone", site.key().zone());
    if (site.region() != null) {
      json.writeStringField("region", site.region());
    }
    if (!Double.isInfinite(site.capacity())) {
      json.writeNumberField("capacity", SituationJson.rounded(site.capacity()));
    }
    Coordinates at = site.coordinates();
    if (at != null) {
      json.writeNumberField("latitude", at.latitude());
      json.writeNumberField("longitude", at.longitude());
    }
  }

  private static String state(List<HealthStatus> checks) {
    if (checks.isEmpty()) {
      return "unwatched";
    }
    return checks.stream().allMatch(HealthStatus::isHealthy) ? "healthy" : "unhealthy";
  }

  private static void share(JsonGenerator json, String field, double share) throws IOException {
    json.writeNumberField(field, SituationJson.rounded(share));
  }

  private static void names(JsonGenerator json, Situation situation, EndpointSite site)
      throws IOException {
    record Named(EndpointSite.Use use, double share) {}
    ClientSample sample = situation.reach().sample();
    List<Named> names =
        site.uses().stream()
            .map(
                use -> {
                  NameShares now = situation.now(use.name());
                  return new Named(use, now.overall(sample)[use.leaf()]);
                })
            .sorted(Comparator.comparingDouble(named -> -named.share()))
            .toList();
    json.writeNumberField("namesInAll", names.size());
    json.writeArrayFieldStart("names");
    for (Named named : names.stream().limit(MAX_NAMES).toList()) {
      json.writeStartObject();
      json.writeStringField("name", Reach.text(named.use().name().owner()));
      json.writeStringField("type", named.use().name().type());
      share(json, "share", named.share());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
