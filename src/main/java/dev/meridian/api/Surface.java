package dev.meridian.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is behind every listener.
 *
 * @param events where subscribers go; null: nowhere
 * @param audit where changes are written down; null: nowhere
 */
record Surface(Map<String, Route> routes, @Nullable EventHub events, @Nullable AuditLog audit) {}
