package dev.meridian.control;

import dev.meridian.health.Observation;
import dev.meridian.spans.Span;
import dev.meridian.spans.Spans;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Tells of some of the probes. On the health thread. */
record CheckSpans(Spans spans, InstantSource clock) implements BiConsumer<String, Observation> {
  static BiConsumer<String, Observation> of(Spans spans, InstantSource clock) {
    return spans.isOn() ? new CheckSpans(spans, clock) : (_, _) -> {};
  }

  @Override
  public void accept(String check, Observation found) {
    if (!spans.isCheckSampled()) {
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put("meridian.check", check);
    attributes.put("meridian.finding", word(found.reason()));
    attributes.put("meridian.outcome", word(found.reason().outcome()));
    boolean failed = found.reason().outcome() == Observation.Outcome.FAIL;
    Instant end = clock.instant(); // a result is here as soon as it is found
    spans.add(
        new Span(
            "health check",
            Span.Kind.CLIENT,
            Optional.empty(),
            end.minus(found.duration()),
            found.duration(),
            attributes,
            failed ? found.detail() : ""));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
