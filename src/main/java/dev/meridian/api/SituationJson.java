package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.control.Server;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.reach.Effect;
import dev.meridian.reach.EndpointKey;
import dev.meridian.reach.Headline;
import dev.meridian.reach.Reach;
import dev.meridian.reach.Situation;
import dev.meridian.reach.Trouble;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** How things are, as a JSON object: the first thing that the page asks for. */
final class SituationJson {
  private static final int MAX_CHECKS = 20;

  private SituationJson() {}

  static JsonBody overview(Situation situation, Server server) {
    return json -> {
      json.writeStartObject();
      json.writeStringField("level", word(situation.level()));
      json.writeStringField("headline", Headline.of(situation));
      json.writeStringField("at", situation.at().toString());
      json.writeNumberField("generation", situation.state().generation());
      json.writeObjectFieldStart("checks");
      json.writeNumberField("total", situation.checks());
      json.writeNumberField("down", situation.down());
      json.writeNumberField("held", situation.held());
      json.writeEndObject();
      json.writeObjectFieldStart("names");
      json.writeNumberField("total", Situation.owners(situation.reach().names()));
      json.writeNumberField("affected", Situation.owners(situation.affected()));
      json.writeNumberField("failOpen", Situation.owners(situation.failOpen()));
      json.writeNumberField("unanswered", Situation.owners(situation.unanswered()));
      json.writeEndObject();
      strings(json, "continents", situation.continents());
      json.writeObjectFieldStart("countries");
      for (Map.Entry<String, Double> each : situation.countries().entrySet()) {
        json.writeNumberField(each.getKey(), rounded(each.getValue()));
      }
      json.writeEndObject();
      PlacesJson.write(json, situation, server.board());
      json.writeNumberField("overrides", server.board().overrides().size());
      json.writeArrayFieldStart("troubles");
      for (Trouble trouble : situation.troubles().stream().limit(MAX_TROUBLES).toList()) {
        trouble(json, trouble);
      }
      json.writeEndArray();
      json.writeNumberField("troublesInAll", situation.troubles().size());
      json.writeEndObject();
    };
  }

  private static final int MAX_TROUBLES = 50;

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static void strings(JsonGenerator json, String field, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void trouble(JsonGenerator json, Trouble trouble) throws IOException {
    json.writeStartObject();
    json.writeStringField("what", trouble.what());
    keys(json, "endpoints", trouble.endpoints().stream().limit(MAX_CHECKS).toList());
    json.writeNumberField("endpointsInAll", trouble.endpoints().size());
    json.writeBooleanField("held", trouble.held());
    json.writeStringField("since", trouble.since().toString());
    HealthStatus first = trouble.down().getFirst();
    json.writeStringField("cause", word(first.standing().cause()));
    json.writeStringField("why", first.standing().reason());
    Observation last = first.last();
    if (last != null) {
      json.writeStringField("reason", last.text());
    }
    strings(
        json, "checks", trouble.down().stream().limit(MAX_CHECKS).map(HealthStatus::id).toList());
    json.writeNumberField("checksInAll", trouble.down().size());
    TreeSet<String> continents = new TreeSet<>();
    trouble.effects().forEach(effect -> continents.addAll(effect.continents()));
    strings(json, "continents", continents);
    json.writeNumberField("affected", trouble.affected());
    json.writeNumberField("exposed", trouble.exposed());
    json.writeNumberField("moved", rounded(trouble.moved()));
    json.writeArrayFieldStart("effects");
    for (Effect effect : trouble.effects()) {
      effect(json, effect);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void effect(JsonGenerator json, Effect effect) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", Reach.text(effect.name().owner()));
    json.writeStringField("type", effect.name().type());
    strings(json, "continents", effect.continents());
    json.writeNumberField("moved", rounded(effect.moved()));
    keys(json, "takers", effect.takers());
    keys(json, "next", effect.next());
    json.writeBooleanField("nextFailsOpen", effect.nextFailsOpen());
    json.writeBooleanField("nextUnanswered", effect.nextUnanswered());
    json.writeBooleanField("failOpen", effect.failOpen());
    json.writeBooleanField("unanswered", effect.unanswered());
    json.writeEndObject();
  }

  private static void keys(JsonGenerator json, String field, List<EndpointKey> keys)
      throws IOException {
    strings(json, field, keys.stream().map(EndpointKey::toString).toList());
  }

  /** Shares to four decimals: a tenth of a per mille is below what a sample can say. */
  static double rounded(double share) {
    return Math.round(share * 10_000) / 10_000.0;
  }
}
