package dev.meridian.api;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP response, complete before its first octet is sent. */
final class Reply {
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";
  static final String EVENTS = "text/event-stream";
  static final String TEXT = "text/plain; charset=utf-8";

  private static final int TAG_OCTETS = 12;

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final Map<String, String> headers;

  /** Worked out at the first question for it; the HTTP loop's own. */
  private @Nullable String tag;

  private Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = headers;
  }

  static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, contentType, body, Map.of());
  }

  /** Not a whole response but the beginning of one that goes on: see {@link EventHub}. */
  static Reply events() {
    return of(200, EVENTS, new byte[0]);
  }

  /** Whether this only begins a response that goes on. */
  boolean isEvents() {
    return contentType.equals(EVENTS);
  }

  /** The refusal says which scheme lets in. */
  static Reply unauthorized() {
    Reply problem =
        problem(401, "Unauthorized", "a token of this server is missing, or is not one of its own");
    return new Reply(401, PROBLEM, problem.body, Map.of("www-authenticate", "Bearer"));
  }

  static Reply forbidden(Role needed) {
    return problem(403, "Forbidden", "the token is not one of an " + needed.word());
  }

  /** A refusal that does not last. */
  static Reply busy(String detail) {
    Reply problem = problem(503, "Service Unavailable", detail + "; try again in a second");
    return new Reply(503, PROBLEM, problem.body, Map.of("retry-after", "1"));
  }

  static Reply text(int status, String text) {
    return of(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Reply json(JsonBody body) {
    return of(200, JSON, Json.bytes(body));
  }

  /**
   * An error as RFC 9457 describes it.
   *
   * @param detail for the person who made the request: what is wrong and what to do
   */
  static Reply problem(int status, String title, String detail) {
    return of(
        status,
        PROBLEM,
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("type", "about:blank");
              json.writeStringField("title", title);
              json.writeNumberField("status", status);
              json.writeStringField("detail", detail);
              json.writeEndObject();
            }));
  }

  /** RFC 9110 §15.5.6: the refusal names what is allowed. */
  static Reply methodNotAllowed(String allowed) {
    Reply problem = problem(405, "Method Not Allowed", "this resource answers " + allowed);
    return new Reply(405, PROBLEM, problem.body, Map.of("allow", allowed));
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  /** Owned by the reply; for reading only. */
  byte[] body() {
    return body;
  }

  /**
   * By which two replies of the same body are known to be the same (RFC 9110 §8.8.3); empty if that
   * is not worth anything: for refusals, and for what is another each time.
   */
  String tag() {
    if (status != 200 || !contentType.equals(JSON)) {
      return "";
    }
    String known = tag;
    if (known == null) {
      known = '"' + HexFormat.of().formatHex(Tokens.sha256(body), 0, TAG_OCTETS) + '"';
      tag = known;
    }
    return known;
  }

  /** Those that only some replies have. */
  Map<String, String> headers() {
    return headers;
  }
}
