package dev.meridian.spans;

import dev.meridian.wire.ProtobufWriter;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Spans as OTLP has them: {@code ExportTraceServiceRequest} of opentelemetry-proto 1. */
final class OtlpEncoder {
  private static final String SERVICE = "meridian";
  private static final int TRACE_ID_OCTETS = 16;
  private static final int SPAN_ID_OCTETS = 8;
  private static final int ERROR = 2;

  private final String version;

  OtlpEncoder(String version) {
    this.version = version;
  }

  /**
   * A request with these spans.
   *
   * @param random for ids
   */
  byte[] encode(List<Span> spans, RandomGenerator random) {
    ProtobufWriter scope = new ProtobufWriter();
    scope.text(1, "dev.meridian");
    scope.text(2, version);
    ProtobufWriter inScope = new ProtobufWriter();
    inScope.message(1, scope);
    for (Span span : spans) {
      inScope.message(2, span(span, random));
    }
    ProtobufWriter resource = new ProtobufWriter();
    attribute(resource, 1, "service.name", SERVICE);
    attribute(resource, 1, "service.version", version);
    ProtobufWriter ofResource = new ProtobufWriter();
    ofResource.message(1, resource);
    ofResource.message(2, inScope);
    ProtobufWriter request = new ProtobufWriter();
    request.message(1, ofResource);
    return request.toByteArray();
  }

  private static ProtobufWriter span(Span span, RandomGenerator random) {
    ProtobufWriter out = new ProtobufWriter();
    byte[] trace =
        span.parent()
            .map(parent -> hex(parent.trace()))
            .orElseGet(() -> id(random, TRACE_ID_OCTETS));
    out.bytes(1, trace, trace.length);
    out.bytes(2, id(random, SPAN_ID_OCTETS), SPAN_ID_OCTETS);
    span.parent().ifPresent(parent -> out.bytes(4, hex(parent.span()), SPAN_ID_OCTETS));
    out.text(5, span.name());
    out.number(6, span.kind().number);
    out.fixed64(7, nanos(span.start()));
    out.fixed64(8, nanos(span.start().plus(span.took())));
    Map<String, String> sorted = new TreeMap<>(span.attributes());
    sorted.forEach((key, value) -> attribute(out, 9, key, value));
    if (!span.error().isEmpty()) {
      ProtobufWriter status = new ProtobufWriter();
      status.text(2, span.error());
      status.number(3, ERROR);
      out.message(15, status);
    }
    return out;
  }

  private static void attribute(ProtobufWriter out, int field, String key, String value) {
    ProtobufWriter any = new ProtobufWriter();
    any.text(1, value);
    ProtobufWriter pair = new ProtobufWriter();
    pair.text(1, key);
    pair.message(2, any);
    out.message(field, pair);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** An id of zeros would be none. */
  private static byte[] id(RandomGenerator random, int octets) {
    byte[] id = new byte[octets];
    random.nextBytes(id);
    id[0] |= 1;
    return id;
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
