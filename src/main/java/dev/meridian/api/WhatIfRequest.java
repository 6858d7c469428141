package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.EndpointSite;
import dev.meridian.reach.Reach;
import dev.meridian.reach.RoutedName;
import dev.meridian.reach.Situation;
import dev.meridian.reach.WhatIf;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * {@code POST /api/v1/what-if} with {@code {"down": ["example.com/fra-1", "eu-west-1"]}}: what
 * would be answered if endpoints, all endpoints of a region, or single checks were down.
 *
 * @param down endpoints as zone/id, regions, or ids of checks
 */
record WhatIfRequest(List<String> down) {
  private static final int MAX_DOWN = 1000;
  private static final int MAX_NAMES = 200;
  private static final int MAX_ENDPOINTS = 500;

  /** A sample of clients is not exact to less than half a percent. */
  private static final double ROUNDING = 0.005;

  /** Less is not shown. */
  private static final double NOTHING = 0.001;

  private static final ObjectMapper READER = new ObjectMapper();

  /** Throws {@link RefusedException} with a sentence. */
  static WhatIfRequest of(String body) {
    JsonNode down;
    try {
      down = READER.readTree(body).path("down");
    } catch (JsonProcessingException e) {
      throw new RefusedException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!down.isArray() || down.size() > MAX_DOWN) {
      throw new RefusedException(
          "the body is {\"down\": [...]} with up to " + MAX_DOWN + " endpoints, regions or checks");
    }
    List<String> texts = new ArrayList<>();
    down.forEach(each -> texts.add(each.asText()));
    return new WhatIfRequest(texts);
  }

  JsonBody answer(Situation situation, HealthBoard board) {
    List<EndpointSite> endpoints = new ArrayList<>();
    BitSet checks = new BitSet();
    for (String each : down) {
      List<EndpointSite> meant = endpoints(situation, each);
      endpoints.addAll(meant);
      HealthStatus status = meant.isEmpty() ? board.status(each) : null;
      if (status != null) {
        checks.set(status.index());
      } else if (meant.isEmpty()) {
        throw new RefusedException(
            "'" + each + "' is no endpoint (zone/id), no region and no health check");
      }
    }
    WhatIf model = WhatIf.down(situation, endpoints, checks);
    return json -> write(json, model);
  }

  private static List<EndpointSite> endpoints(Situation situation, String text) {
    return situation.reach().endpoints().values().stream()
        .filter(site -> site.key().toString().equals(text) || text.equals(site.region()))
        .toList();
  }

  private static void write(JsonGenerator json, WhatIf model) throws IOException {
    List<RoutedName> changed =
        model.changed().keySet().stream()
            .sorted(
                Comparator.comparingDouble((RoutedName name) -> -model.moved(name))
                    .thenComparing(name -> Reach.text(name.owner())))
            .toList();
    json.writeStartObject();
    json.writeNumberField("namesInAll", changed.size());
    json.writeArrayFieldStart("names");
    for (RoutedName name : changed.stream().limit(MAX_NAMES).toList()) {
      name(json, model, name);
    }
    json.writeEndArray();
    endpoints(json, model);
    SituationJson.strings(
        json, "unwatched", model.unwatched().stream().map(site -> site.key().toString()).toList());
    json.writeEndObject();
  }

  private static void name(JsonGenerator json, WhatIf model, RoutedName name) throws IOException {
    Situation situation = model.situation();
    ClientSample sample = situation.reach().sample();
    json.writeStartObject();
    json.writeStringField("name", Reach.text(name.owner()));
    json.writeStringField("type", name.type());
    json.writeNumberField("moved", SituationJson.rounded(model.moved(name)));
    json.writeBooleanField("failOpen", model.failsOpen(name));
    json.writeBooleanField("unanswered", model.leavesUnanswered(name));
    SituationJson.strings(
        json, "continents", model.then(name).continentsThatDiffer(situation.now(name), sample));
    NamesJson.shares(json, "before", situation, name, situation.now(name).overall());
    NamesJson.shares(json, "after", situation, name, model.then(name).overall());
    json.writeEndObject();
  }

  /** An endpoint whose share changes, or that gets more than it can take. */
  private record Load(
      EndpointSite site, double before, double after, double heaviestBefore, double heaviest) {
    static Load of(WhatIf model, EndpointSite site) {
      Situation now = model.situation();
      return new Load(
          site,
          Situation.share(site, now::now),
          Situation.share(site, model::then),
          site.heaviest(now::now),
          site.heaviest(model::then));
    }

    boolean exceeds(double share) {
      return share > site.capacity() + ROUNDING;
    }

    double change() {
      return Math.abs(after - before);
    }
  }

  private static void endpoints(JsonGenerator json, WhatIf model) throws IOException {
    List<Load> loads =
        model.situation().reach().endpoints().values().stream()
            .map(site -> Load.of(model, site))
            .filter(load -> load.change() > NOTHING || load.exceeds(load.heaviest()))
            .sorted(Comparator.comparingDouble(load -> -load.change()))
            .toList();
    json.writeNumberField("endpointsInAll", loads.size());
    json.writeArrayFieldStart("endpoints");
    for (Load load : loads.stream().limit(MAX_ENDPOINTS).toList()) {
      endpoint(json, load);
    }
    json.writeEndArray();
  }

  private static void endpoint(JsonGenerator json, Load load) throws IOException {
    json.writeStartObject();
    EndpointsJson.head(json, load.site());
    json.writeNumberField("before", SituationJson.rounded(load.before()));
    json.writeNumberField("after", SituationJson.rounded(load.after()));
    if (!Double.isInfinite(load.site().capacity())) {
      json.writeNumberField("heaviest", SituationJson.rounded(load.heaviest()));
      json.writeBooleanField("exceeds", load.exceeds(load.heaviest()));
      json.writeBooleanField("exceedsNow", load.exceeds(load.heaviestBefore()));
    }
    json.writeEndObject();
  }
}
