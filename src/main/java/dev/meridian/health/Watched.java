package dev.meridian.health;

/**
 * A status, and what belongs to its definition.
 *
 * @param key what votes call it
 * @param definedNanos when the definition came into force on the monotonic clock
 */
record Watched(HealthStatus status, long key, long definedNanos) {
  Watched with(HealthStatus next) {
    return new Watched(next, key, definedNanos);
  }
}
