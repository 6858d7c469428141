package dev.meridian.api;

import dev.meridian.spans.Parent;
import dev.meridian.spans.Span;
import dev.meridian.spans.Spans;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the requests that something is done for: those of the API. What comes again and again by
 * itself (health, metrics, files of the page) is left out.
 */
record RequestSpans(Spans spans, InstantSource clock, Set<String> paths) {
  private static final String API = "/api/v1/";
  private static final int SERVER_ERROR = 500;

  static @Nullable RequestSpans of(Spans spans, InstantSource clock, Set<String> paths) {
    return spans.isOn() ? new RequestSpans(spans, clock, paths) : null;
  }

  /** Adds a span when the reply is there. */
  void follow(FullHttpRequest request, CompletionStage<Reply> replying) {
    String path = new QueryStringDecoder(request.uri()).rawPath();
    if (!path.startsWith(API) || !paths.contains(path)) {
      return; // names of spans are those of paths that there are
    }
    String method = request.method().name();
    var parent = Parent.ofHeader(request.headers().get("traceparent", ""));
    Instant start = clock.instant();
    long begun = System.nanoTime();
    var _ =
        replying.thenAccept(
            reply ->
                spans.add(
                    new Span(
                        method + " " + path,
                        Span.Kind.SERVER,
                        parent,
                        start,
                        Duration.ofNanos(System.nanoTime() - begun),
                        Map.of(
                            "http.request.method", method,
                            "url.path", path,
                            "http.response.status_code", Integer.toString(reply.status())),
                        reply.status() >= SERVER_ERROR ? "status " + reply.status() : "")));
  }
}
