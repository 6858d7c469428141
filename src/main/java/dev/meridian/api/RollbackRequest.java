package dev.meridian.api;

import dev.meridian.control.Server;
import dev.meridian.publish.KeptSet;
import dev.meridian.text.RefusedException;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/rollback?reason=&author=&generation=}: serves a kept set again. Without
 * {@code generation}: the newest before what is served.
 */
final class RollbackRequest {
  private RollbackRequest() {}

  static CompletionStage<Reply> apply(ApiRequest request, Server server) {
    String reason = reason("rollback", request);
    return server
        .rollback(generation(request), reason)
        .thenApply(result -> Reply.json(StatusJson.reload(result)));
  }

  /** What was done, by whom and why, for log, journal and status. */
  static String reason(String what, ApiRequest request) {
    String author = request.who().author(request.parameter("author").orElse(""));
    String by = author.isEmpty() ? request.required("author") : author;
    return what + " by " + by + ": " + request.required("reason");
  }

  private static OptionalLong generation(ApiRequest request) {
    String text = request.parameter("generation").orElse("");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new RefusedException("generation: '" + text + "' is not a number");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /** The sets that are kept, newest first. */
  static JsonBody list(Server server) {
    return json -> {
      KeptSet served = server.status().kept();
      json.writeStartObject();
      StatusJson.kept(json, served);
      json.writeArrayFieldStart("sets");
      for (KeptSet set : server.keptSets()) {
        json.writeStartObject();
        json.writeNumberField("generation", set.generation());
        json.writeStringField("at", set.at().toString());
        json.writeStringField("reason", set.reason());
        json.writeStringField("digest", set.digest());
        json.writeBooleanField("served", isServed(set, served, server));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private static boolean isServed(KeptSet set, @Nullable KeptSet served, Server server) {
    long generation = served == null ? server.state().generation() : served.generation();
    return set.generation() == generation;
  }
}
