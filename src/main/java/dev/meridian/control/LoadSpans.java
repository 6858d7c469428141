package dev.meridian.control;

import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import dev.meridian.spans.Span;
import dev.meridian.spans.Spans;
import java.util.Map;
import java.util.Optional;

/** Tells of loads, whether they were served or refused. On the control thread. */
record LoadSpans(Spans spans) {
  void reloaded(ReloadResult result) {
    if (!spans.isOn()) {
      return;
    }
    String first =
        result.problems().stream()
            .filter(Problem::isError)
            .findFirst()
            .map(Problem::toString)
            .orElse("");
    spans.add(
        new Span(
            "load",
            Span.Kind.INTERNAL,
            Optional.empty(),
            result.at().minus(result.took()),
            result.took(),
            Map.of(
                "meridian.reason", result.reason(),
                "meridian.generation", Long.toString(result.generation()),
                "meridian.served", Boolean.toString(result.ok()),
                "meridian.problems", Integer.toString(result.problems().size())),
            result.ok() ? "" : first));
  }
}
