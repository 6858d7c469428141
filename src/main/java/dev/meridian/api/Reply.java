package dev.meridian.api;

import java.nio.charset.StandardCharsets;

/** One HTTP response, complete before its first octet is sent. */
final class Reply {
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";
  static final String TEXT = "text/plain; charset=utf-8";

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final String allow;

  private Reply(int status, String contentType, byte[] body, String allow) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.allow = allow;
  }

  static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, contentType, body, "");
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
    return new Reply(405, PROBLEM, problem.body, allowed);
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

  /** The Allow header, or empty. */
  String allow() {
    return allow;
  }
}
