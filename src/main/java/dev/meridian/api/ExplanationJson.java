package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.answer.AnswerRecord;
import dev.meridian.answer.Explanation;
import dev.meridian.answer.Outcome;
import dev.meridian.policy.Explained;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Rcode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** An explanation for programs. */
public final class ExplanationJson {
  private final JsonGenerator json;
  private final IntFunction<String> checkIds;

  private ExplanationJson(JsonGenerator json, IntFunction<String> checkIds) {
    this.json = json;
    this.checkIds = checkIds;
  }

  /**
   * One JSON object, in UTF-8.
   *
   * @param source where the explanation comes from, in words
   * @param text the same explanation for people
   * @param checkIds the id of a health check by its number
   */
  public static byte[] bytes(
      Explanation explanation, String source, String text, IntFunction<String> checkIds) {
    return Json.bytes(json -> new ExplanationJson(json, checkIds).write(explanation, source, text));
  }

  private void write(Explanation explanation, String source, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("source", source);
    json.writeStringField("name", explanation.name().toString());
    json.writeStringField("type", RRType.toText(explanation.type()));
    json.writeStringField("client", explanation.client().toString());
    place(explanation);
    json.writeStringField("rcode", Rcode.toText(explanation.rcode()));
    json.writeNumberField("scopePrefixLength", explanation.scopeLength());
    json.writeStringField("scopeReason", explanation.scopeReason());
    outcome(explanation.outcome());
    json.writeArrayFieldStart("lookups");
    for (Explanation.Link link : explanation.links()) {
      link(link);
    }
    json.writeEndArray();
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  private void place(Explanation explanation) throws IOException {
    json.writeObjectFieldStart("place");
    PlaceJson.write(json, explanation.place());
    json.writeStringField("database", explanation.geo());
    json.writeEndObject();
  }

  /** All that could be answered, and how likely. */
  private void outcome(Outcome outcome) throws IOException {
    json.writeObjectFieldStart("outcome");
    json.writeObjectFieldStart("endings");
    for (Map.Entry<Outcome.Ending, Double> each : outcome.endings().entrySet()) {
      json.writeNumberField(each.getKey().name().toLowerCase(Locale.ROOT), each.getValue());
    }
    json.writeEndObject();
    chances("endpoints", outcome.endpoints());
    chances("records", outcome.records());
    json.writeNumberField("minTtl", outcome.ttls().low());
    json.writeNumberField("maxTtl", outcome.ttls().high());
    json.writeEndObject();
  }

  private void chances(String field, Map<String, Double> chances) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Double> each : chances.entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }

  private void link(Explanation.Link link) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", link.name().toString());
    DomainName zone = link.zone();
    if (zone != null) {
      json.writeStringField("zone", zone.toString());
    }
    json.writeStringField("outcome", link.outcome());
    json.writeArrayFieldStart("records");
    for (AnswerRecord each : link.records()) {
      json.writeString(each.toString());
    }
    json.writeEndArray();
    json.writeStringField("ttlReason", link.ttlReason());
    Explained policy = link.policy();
    if (policy != null) {
      json.writeFieldName("policy");
      node(policy);
    }
    json.writeEndObject();
  }

  private void node(Explained node) throws IOException {
    json.writeStartObject();
    json.writeStringField("what", node.what());
    json.writeStringField("kind", node.kind().name().toLowerCase(Locale.ROOT));
    check(node.healthCheck());
    json.writeBooleanField("healthy", node.healthy());
    json.writeArrayFieldStart("branches");
    for (Explained.Branch branch : node.branches()) {
      branch(branch);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void branch(Explained.Branch branch) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", branch.id());
    json.writeStringField("selector", branch.selector());
    check(branch.healthCheck());
    json.writeStringField(
        "standing", branch.standing().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.writeNumberField("share", branch.share());
    json.writeStringField("reason", branch.reason());
    Explained inside = branch.node();
    if (inside != null) {
      json.writeFieldName("node");
      node(inside);
    }
    json.writeEndObject();
  }

  private void check(int number) throws IOException {
    if (number >= 0) {
      json.writeStringField("healthCheck", checkIds.apply(number));
    }
  }
}
