package dev.meridian.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The ops page: fixed files from the class path. No part of a request reaches a file name. */
final class OpsPage {
  private OpsPage() {}

  static Map<String, Route> routes() {
    return Map.of(
        "/", file("ops.html", "text/html; charset=utf-8"),
        "/ops.css", file("ops.css", "text/css; charset=utf-8"),
        "/ops.js", file("ops.js", "text/javascript; charset=utf-8"),
        "/favicon.svg", file("favicon.svg", "image/svg+xml"),
        "/api/v1/openapi.json", file("openapi.json", Reply.JSON));
  }

  private static Route file(String name, String contentType) {
    return Route.get(_ -> Reply.of(200, contentType, read(name)));
  }

  private static byte[] read(String name) {
    try (InputStream in = OpsPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
