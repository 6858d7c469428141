package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.health.CheckSample;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.health.Standing;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which health checks are wanted, and in which order.
 *
 * @param state {@code up}, {@code down}, {@code held}, {@code unknown}, {@code disabled}, {@code
 *     overridden}; empty: any
 */
record StatesQuery(Paging paging, String state, String sort) {
  /** The first page of everything. */
  static final StatesQuery ALL = new StatesQuery(new Paging("", 0, 100), "", "state");

  private static final int RECENT = 30;

  private static final Map<String, Predicate<HealthStatus>> STATES =
      Map.of(
          "", _ -> true,
          "up", HealthStatus::isHealthy,
          "down", status -> !status.isHealthy(),
          "held", HealthStatus::isHeld,
          "unknown", status -> !status.state().known(),
          "disabled", status -> status.check().settings().disabled(),
          "overridden", status -> status.standing().cause() == Standing.Cause.OVERRIDE);

  private static final Map<String, Comparator<HealthStatus>> ORDERS =
      Map.of(
          "id", Comparator.comparing(HealthStatus::id),
          "since", Comparator.comparing(HealthStatus::since).reversed(),
          "state",
              Comparator.comparing(HealthStatus::isHealthy)
                  .thenComparing(status -> !status.isHeld())
                  .thenComparing(Comparator.comparing(HealthStatus::since).reversed())
                  .thenComparing(HealthStatus::id));

  /** Throws {@link RefusedException} with a sentence. */
  static StatesQuery of(ApiRequest request) {
    String state = request.parameter("state").orElse("");
    String sort = request.parameter("sort").orElse("state");
    if (!STATES.containsKey(state)) {
      throw new RefusedException(
          "state: '" + state + "' is none of up, down, held, unknown, disabled and overridden");
    }
    if (!ORDERS.containsKey(sort)) {
      throw new RefusedException("sort: '" + sort + "' is none of state, since and id");
    }
    return new StatesQuery(Paging.of(request), state, sort);
  }

  JsonBody answer(HealthBoard board, HealthHistory history) {
    List<HealthStatus> rows =
        board.statuses().stream()
            .filter(STATES.getOrDefault(state, _ -> true))
            .filter(status -> paging.matches(status.id() + " " + status.standing().reason()))
            .sorted(ORDERS.getOrDefault(sort, Comparator.comparing(HealthStatus::id)))
            .toList();
    long healthy = board.statuses().stream().filter(HealthStatus::isHealthy).count();
    return json -> {
      json.writeStartObject();
      json.writeNumberField("changes", board.eligibility().epoch());
      json.writeNumberField("healthy", healthy);
      json.writeNumberField("unhealthy", board.statuses().size() - healthy);
      paging.write(json, rows.size());
      json.writeArrayFieldStart("checks");
      for (HealthStatus status : paging.page(rows)) {
        json.writeStartObject();
        StatusJson.check(json, status, board.eligibility().weight(status.index()));
        recent(json, history.of(status.id()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("overrides");
      for (HealthOverride override : board.overrides()) {
        StatusJson.override(json, override);
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  /** The checks that a selector of an override means. */
  static JsonBody selected(HealthBoard board, String selector, Paging paging) {
    Pattern pattern = HealthOverride.pattern(selector);
    List<String> rows =
        board.statuses().stream()
            .map(HealthStatus::id)
            .filter(id -> pattern.matcher(id).matches())
            .toList();
    return json -> {
      json.writeStartObject();
      paging.write(json, rows.size());
      SituationJson.strings(json, "checks", paging.page(rows));
      json.writeEndObject();
    };
  }

  /** The last results in a row's space: a letter and microseconds for each. */
  private static void recent(JsonGenerator json, List<CheckSample> samples) throws IOException {
    List<CheckSample> last = samples.subList(Math.max(0, samples.size() - RECENT), samples.size());
    StringBuilder outcomes = new StringBuilder();
    last.forEach(sample -> outcomes.append(letter(sample.outcome())));
    json.writeObjectFieldStart("recent");
    json.writeStringField("outcomes", outcomes.toString());
    json.writeArrayFieldStart("micros");
    for (CheckSample sample : last) {
      json.writeNumber(sample.took().toNanos() / 1000);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static char letter(Observation.Outcome outcome) {
    return switch (outcome) {
      case PASS -> 'p';
      case FAIL -> 'f';
      case UNKNOWN -> 'u';
    };
  }

  /** One check and its last results, the oldest first. */
  static JsonBody history(HealthBoard board, HealthStatus status, List<CheckSample> samples) {
    return json -> {
      json.writeStartObject();
      json.writeObjectFieldStart("check");
      StatusJson.check(json, status, board.eligibility().weight(status.index()));
      json.writeEndObject();
      json.writeArrayFieldStart("recent");
      for (CheckSample sample : samples) {
        json.writeStartObject();
        json.writeStringField("at", sample.at().toString());
        json.writeStringField("outcome", SituationJson.word(sample.outcome()));
        json.writeBooleanField("healthy", sample.healthy());
        json.writeNumberField("tookMicros", sample.took().toNanos() / 1000);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }
}
