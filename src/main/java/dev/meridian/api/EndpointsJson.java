package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.geo.Coordinates;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import dev.meridian.reach.EndpointSite;
import dev.meridian.reach.NameShares;
import dev.meridian.reach.Reach;
import dev.meridian.reach.Situation;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Endpoints: where they are, how they are, and what share of the answers they have. */
final class EndpointsJson {
  private static final int MAX_NAMES = 20;

  private EndpointsJson() {}

  /** How an endpoint is, the worst first. */
  enum State {
    /** A check is down. */
    UNHEALTHY,
    /** A check fails, and the guard holds it. */
    HELD,
    /** Every check is up. */
    HEALTHY,
    /** There is none. */
    UNWATCHED;

    /** Those that are well and those that nobody watches are alike. */
    int rank() {
      return Math.min(ordinal(), HEALTHY.ordinal());
    }

    static State of(EndpointSite site, HealthBoard board) {
      List<HealthStatus> checks = checks(site, board);
      if (checks.isEmpty()) {
        return UNWATCHED;
      }
      if (!checks.stream().allMatch(HealthStatus::isHealthy)) {
        return UNHEALTHY;
      }
      return checks.stream().anyMatch(HealthStatus::isHeld) ? HELD : HEALTHY;
    }
  }

  private static List<HealthStatus> checks(EndpointSite site, HealthBoard board) {
    return site.checks().stream().mapToObj(board::status).filter(Objects::nonNull).toList();
  }

  /**
   * The list.
   *
   * @param worstFirst those that are down, then those that are held, then by share; else by id
   */
  static JsonBody list(Situation situation, HealthBoard board, Paging paging, boolean worstFirst) {
    Map<EndpointSite, State> states = new HashMap<>();
    Collection<EndpointSite> all = situation.reach().endpoints().values();
    all.forEach(site -> states.put(site, State.of(site, board)));
    Comparator<EndpointSite> order =
        Comparator.comparingInt(
                (EndpointSite site) -> states.getOrDefault(site, State.HEALTHY).rank())
            .thenComparingDouble(site -> -Situation.share(site, situation::now));
    List<EndpointSite> rows =
        all.stream()
            .filter(site -> paging.matches(site.key() + " " + site.region() + " " + site.records()))
            .toList();
    List<EndpointSite> sorted = worstFirst ? rows.stream().sorted(order).toList() : rows;
    return json -> {
      json.writeStartObject();
      paging.write(json, rows.size());
      json.writeNumberField("down", Collections.frequency(states.values(), State.UNHEALTHY));
      json.writeNumberField("held", Collections.frequency(states.values(), State.HELD));
      json.writeNumberField(
          "unplaced", all.stream().filter(site -> site.coordinates() == null).count());
      json.writeArrayFieldStart("endpoints");
      for (EndpointSite site : paging.page(sorted)) {
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
    json.writeStringField("state", SituationJson.word(State.of(site, board)));
    json.writeArrayFieldStart("checks");
    for (HealthStatus check : checks(site, board)) {
      json.writeStartObject();
      json.writeStringField("id", check.id());
      json.writeBooleanField("healthy", check.isHealthy());
      json.writeBooleanField("held", check.isHeld());
      json.writeStringField("since", check.since().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    share(json, "share", Situation.share(site, situation::now));
    share(json, "atBest", Situation.share(site, situation.reach()::best));
    names(json, situation, site);
    json.writeEndObject();
  }

  static void head(JsonGenerator json, EndpointSite site) throws IOException {
    json.writeStringField("endpoint", site.key().id());
    json.writeStringField("zone", site.key().zone());
    place(json, site.region(), site.coordinates());
    if (!Double.isInfinite(site.capacity())) {
      json.writeNumberField("capacity", SituationJson.rounded(site.capacity()));
    }
  }

  static void place(JsonGenerator json, @Nullable String region, @Nullable Coordinates at)
      throws IOException {
    if (region != null) {
      json.writeStringField("region", region);
    }
    if (at != null) {
      json.writeNumberField("latitude", at.latitude());
      json.writeNumberField("longitude", at.longitude());
    }
  }

  private static void share(JsonGenerator json, String field, double share) throws IOException {
    json.writeNumberField(field, SituationJson.rounded(share));
  }

  private static void names(JsonGenerator json, Situation situation, EndpointSite site)
      throws IOException {
    record Named(EndpointSite.Use use, double share) {}
    List<Named> names =
        site.uses().stream()
            .map(
                use -> {
                  NameShares now = situation.now(use.name());
                  return new Named(use, now.overall(use.leaf()));
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
