package dev.meridian.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is behind every listener.
 *
 * @param events where subscribers go; null: nowhere
 * @param audit where changes are written down; null: nowhere
 * @param spans hears of each request; null: nobody does
 */
record Surface(
    Map<String, Route> routes,
    @Nullable EventHub events,
    @Nullable AuditLog audit,
    @Nullable RequestSpans spans) {
  /** Nobody hears of requests. */
  Surface(Map<String, Route> routes, @Nullable EventHub events, @Nullable AuditLog audit) {
    this(routes, events, audit, null);
  }
}
