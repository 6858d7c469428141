package dev.meridian.spans;

import java.net.URI;
import java.util.Optional;

/**
 * Takes what was done. Any thread; never waits. Queries are not among it: they have a log of their
 * own.
 */
public interface Spans extends AutoCloseable {
  /** Nobody wants to know. */
  Spans NONE =
      new Spans() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public boolean isCheckSampled() {
          return false;
        }

        @Override
        public void add(Span span) {}

        @Override
        public long lost() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /**
   * Spans for a collector.
   *
   * @param endpoint that takes OTLP over HTTP; empty: there are none, and nothing is loaded for
   *     them
   * @param checksOneIn which share of probes is told
   */
  static Spans to(Optional<URI> endpoint, int checksOneIn, String version) {
    return endpoint.isEmpty() ? NONE : new OtlpSpans(endpoint.get(), checksOneIn, version);
  }

  /** Whether it is worth making a span. */
  boolean isOn();

  /** Whether this one of many probes is to be told. */
  boolean isCheckSampled();

  void add(Span span);

  /** How many spans could not be handed on. */
  long lost();

  @Override
  void close();
}
