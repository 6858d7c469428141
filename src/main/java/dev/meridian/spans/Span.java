package dev.meridian.spans;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that was done, when it is over. Attributes are named as OpenTelemetry's conventions
 * have them where they have the thing.
 *
 * @param parent of whom it was a part, somewhere else; empty: of nobody
 * @param error why it failed; empty: it did not
 */
public record Span(
    String name,
    Kind kind,
    Optional<Parent> parent,
    Instant start,
    Duration took,
    Map<String, String> attributes,
    String error) {
  /** Who asked for it. */
  public enum Kind {
    /** Nobody: the server itself. */
    INTERNAL,
    /** Somebody who waits for the answer. */
    SERVER,
    /** We ask somebody. */
    CLIENT
  }

  /** Copies the attributes. */
  public Span {
    attributes = Map.copyOf(attributes);
  }
}
