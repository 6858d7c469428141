package dev.meridian.spans;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands spans on by OTLP over HTTP, with OpenTelemetry's SDK and the JDK's client. What waits is
 * bounded; what a collector does not take is lost and counted: no trace is worth memory.
 */
final class OtlpSpans implements Spans {
  private static final int MAX_WAITING = 2048;
  private static final int BATCH = 256;
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The SDK's own log, which says the same as ours in another form; held, or it is forgotten. */
  private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

  private final int checksOneIn;
  private final CountingExporter exporter;
  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final AtomicLong checks = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  OtlpSpans(URI endpoint, int checksOneIn, String version) {
    SDK_LOG.setLevel(Level.OFF);
    this.checksOneIn = checksOneIn;
    this.exporter =
        new CountingExporter(
            endpoint,
            OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setConnectTimeout(PATIENCE)
                .setTimeout(PATIENCE)
                .setRetryPolicy(null)
                .build());
    BatchSpanProcessor batches =
        BatchSpanProcessor.builder(exporter)
            .setMaxQueueSize(MAX_WAITING)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(BETWEEN)
            .setExporterTimeout(PATIENCE)
            .build();
    Attributes service =
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            "meridian",
            AttributeKey.stringKey("service.version"),
            version);
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.create(service))
            .setSampler(Sampler.alwaysOn())
            .addSpanProcessor(batches)
            .build();
    this.tracer = provider.get("dev.meridian", version);
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public boolean isCheckSampled() {
    return checks.getAndIncrement() % checksOneIn == 0;
  }

  @Override
  public void add(Span span) {
    if (!exporter.expect(MAX_WAITING)) {
      refused.incrementAndGet();
      return;
    }
    SpanBuilder builder =
        tracer
            .spanBuilder(span.name())
            .setParent(span.parent().map(OtlpSpans::context).orElse(Context.root()))
            .setSpanKind(SpanKind.valueOf(span.kind().name()))
            .setStartTimestamp(span.start());
    span.attributes().forEach(builder::setAttribute);
    io.opentelemetry.api.trace.Span started = builder.startSpan();
    if (!span.error().isEmpty()) {
      started.setStatus(StatusCode.ERROR, span.error());
    }
    started.end(span.start().plus(span.took()));
  }

  private static Context context(Parent parent) {
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            parent.trace(), parent.span(), TraceFlags.getSampled(), TraceState.getDefault());
    return Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote));
  }

  @Override
  public long lost() {
    return refused.get() + exporter.lost();
  }

  /** Sends what waits; takes a second at most. */
  @Override
  public void close() {
    provider.shutdown().join(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
  }
}
