package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.answer.ServerState;
import dev.meridian.config.ConfigKey;
import dev.meridian.control.ControlStatus;
import dev.meridian.control.Server;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.health.Weight;
import dev.meridian.net.SocketAddresses;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import dev.meridian.zone.Zone;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the server is, has and thinks, as JSON objects. */
final class StatusJson {
  private StatusJson() {}

  static JsonBody status(Server server) {
    return json -> {
      ControlStatus status = server.status();
      json.writeStartObject();
      json.writeStringField("version", server.version());
      json.writeBooleanField("ready", status.ready());
      json.writeBooleanField("draining", status.draining());
      json.writeStringField("startedAt", server.startedAt().toString());
      json.writeNumberField(
          "uptimeSeconds", Duration.between(server.startedAt(), server.now()).toSeconds());
      json.writeNumberField("generation", server.state().generation());
      kept(json, status.kept());
      json.writeNumberField("zones", server.state().zones().size());
      listeners(json, server);
      geo(json, status.space().geo());
      reload(json, "lastReload", status.last());
      reload(json, "serving", status.lastGood());
      json.writeNumberField("reloadFailures", status.failures());
      json.writeBooleanField("holdingBack", status.holding());
      configuration(json, server.config().effective());
      json.writeEndObject();
    };
  }

  /** The kept generation that is served in place of the files, or null. */
  static void kept(JsonGenerator json, @Nullable KeptSet kept) throws IOException {
    json.writeFieldName("servingKept");
    if (kept == null) {
      json.writeNull();
    } else {
      json.writeNumber(kept.generation());
    }
  }

  private static void listeners(JsonGenerator json, Server server) throws IOException {
    json.writeArrayFieldStart("listeners");
    for (InetSocketAddress address : server.addresses()) {
      json.writeString(SocketAddresses.format(address));
    }
    json.writeEndArray();
    json.writeStringField("udpPath", server.udpPath().name().toLowerCase(Locale.ROOT));
  }

  private static void geo(JsonGenerator json, GeoDatabase geo) throws IOException {
    json.writeObjectFieldStart("geoip");
    json.writeStringField("source", geo.source());
    json.writeStringField("description", geo.description());
    json.writeStringField("builtAt", geo.builtAt().toString());
    json.writeEndObject();
  }

  private static void configuration(JsonGenerator json, Map<ConfigKey, List<String>> effective)
      throws IOException {
    json.writeObjectFieldStart("configuration");
    for (Map.Entry<ConfigKey, List<String>> entry : effective.entrySet()) {
      json.writeArrayFieldStart(entry.getKey().key());
      for (String value : entry.getValue()) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  static JsonBody reload(ReloadResult result) {
    return json -> write(json, result);
  }

  private static void reload(JsonGenerator json, String name, @Nullable ReloadResult result)
      throws IOException {
    json.writeFieldName(name);
    if (result == null) {
      json.writeNull();
    } else {
      write(json, result);
    }
  }

  private static void write(JsonGenerator json, ReloadResult result) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("ok", result.ok());
    json.writeNumberField("generation", result.generation());
    json.writeStringField("reason", result.reason());
    json.writeStringField("at", result.at().toString());
    json.writeNumberField("tookMillis", result.took().toMillis());
    json.writeBooleanField("heldBack", result.heldBack());
    json.writeNumberField("errors", result.errorCount());
    json.writeArrayFieldStart("problems");
    for (Problem problem : result.problems()) {
      problem(json, problem);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void problem(JsonGenerator json, Problem problem) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", problem.file());
    json.writeNumberField("line", problem.line());
    json.writeNumberField("column", problem.column());
    json.writeStringField("severity", problem.isError() ? "error" : "warning");
    json.writeStringField("message", problem.message());
    json.writeEndObject();
  }

  static JsonBody zones(ServerState state, Paging paging) {
    List<Zone> rows =
        IntStream.range(0, state.zones().size())
            .mapToObj(state.zones()::get)
            .filter(zone -> paging.matches(zone.apex().toString()))
            .toList();
    return json -> {
      json.writeStartObject();
      json.writeNumberField("generation", state.generation());
      paging.write(json, rows.size());
      json.writeArrayFieldStart("zones");
      for (Zone zone : paging.page(rows)) {
        json.writeStartObject();
        json.writeStringField("name", zone.apex().toString());
        json.writeNumberField("serial", zone.serial());
        json.writeNumberField("records", zone.recordCount());
        json.writeNumberField("names", zone.nodeCount());
        json.writeNumberField("routed", zone.routedCount());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  static void override(JsonGenerator json, HealthOverride override) throws IOException {
    json.writeStartObject();
    json.writeStringField("selector", override.selector());
    json.writeStringField("action", override.action().word());
    json.writeStringField("author", override.author());
    json.writeStringField("reason", override.reason());
    json.writeStringField("origin", override.origin().word());
    json.writeStringField("since", override.since().toString());
    Instant expires = override.expires();
    if (expires != null) {
      json.writeStringField("expires", expires.toString());
    }
    json.writeEndObject();
  }

  /**
   * Writes the fields of a check into an object that is open.
   *
   * @param weight what is taken; null: as policies say
   */
  static void check(JsonGenerator json, HealthStatus status, @Nullable Weight weight)
      throws IOException {
    HealthCheck check = status.check();
    json.writeStringField("id", status.id());
    if (!check.target().isEmpty()) {
      json.writeStringField("address", check.target());
    }
    json.writeStringField("kind", check.kind().word());
    json.writeBooleanField("healthy", status.isHealthy());
    json.writeBooleanField("known", status.state().known());
    json.writeBooleanField("disabled", check.settings().disabled());
    json.writeBooleanField("inverted", check.settings().inverted());
    json.writeNumberField("consecutivePasses", status.state().consecutivePasses());
    json.writeNumberField("consecutiveFailures", status.state().consecutiveFailures());
    json.writeStringField("since", status.since().toString());
    json.writeStringField("cause", status.standing().cause().word());
    json.writeStringField("why", status.standing().reason());
    if (weight != null) {
      json.writeStringField("weight", weight.word());
      json.writeStringField("weightCause", weight.cause());
    }
    Observation last = status.last();
    if (last != null) {
      json.writeStringField("reason", last.text());
      json.writeNumberField("tookMillis", last.duration().toMillis());
      measures(json, last.measures());
    }
    Instant observedAt = status.observedAt();
    if (observedAt != null) {
      json.writeStringField("observedAt", observedAt.toString());
    }
  }

  private static void measures(JsonGenerator json, Observation.Measures measures)
      throws IOException {
    micros(json, "connectMicros", measures.connect());
    micros(json, "handshakeMicros", measures.handshake());
    micros(json, "firstOctetMicros", measures.firstOctet());
    Instant expires = measures.certificateExpires();
    if (expires != null) {
      json.writeStringField("certificateExpires", expires.toString());
    }
  }

  private static void micros(JsonGenerator json, String field, @Nullable Duration span)
      throws IOException {
    if (span != null) {
      json.writeNumberField(field, span.toNanos() / 1000);
    }
  }
}
