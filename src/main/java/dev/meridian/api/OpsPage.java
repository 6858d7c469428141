package dev.meridian.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ops page: fixed files from the class path. No part of a request reaches a file name. */
final class OpsPage {
  /** The modules of the page: each imports others of these and nothing else. */
  static final List<String> SCRIPTS =
      List.of(
          "ops.js",
          "live.js",
          "parts.js",
          "map.js",
          "overview.js",
          "checks.js",
          "endpoints.js",
          "names.js",
          "timeline.js",
          "explain.js",
          "whatif.js",
          "overrides.js",
          "zones.js",
          "vendor/preact.js",
          "vendor/world.js");

  private OpsPage() {}

  static Map<String, Route> routes() {
    Map<String, Route> routes = new HashMap<>();
    routes.put("/", file("ops.html", "text/html; charset=utf-8"));
    routes.put("/api/v1/openapi.json", file("openapi.json", Reply.JSON));
    routes.put("/favicon.svg", file("favicon.svg", "image/svg+xml"));
    routes.put("/ops.css", file("ops.css", "text/css; charset=utf-8"));
    for (String script : SCRIPTS) {
      routes.put("/" + script, file(script, "text/javascript; charset=utf-8"));
    }
    return routes;
  }

  private static Route file(String name, String contentType) {
    Map<String, Reply> known = new ConcurrentHashMap<>(); // read when it is first asked for
    return Route.open(
        _ -> known.computeIfAbsent(name, _ -> Reply.of(200, contentType, read(name))));
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
