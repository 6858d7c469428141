package dev.meridian.spans;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what another exporter could not hand on, and what is on its way to it: the SDK drops both
 * without a word.
 */
final class CountingExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(CountingExporter.class);
  private static final long BETWEEN_REPORTS = Duration.ofSeconds(60).toNanos();

  private final URI endpoint;
  private final SpanExporter exporter;
  private final AtomicInteger underway = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong reportedAt = new AtomicLong(System.nanoTime() - BETWEEN_REPORTS);

  CountingExporter(URI endpoint, SpanExporter exporter) {
    this.endpoint = endpoint;
    this.exporter = exporter;
  }

  /** Whether one more span may be on its way, among so many at most; it is counted if so. */
  boolean expect(int most) {
    if (underway.incrementAndGet() <= most) {
      return true;
    }
    underway.decrementAndGet();
    return false;
  }

  long lost() {
    return lost.get();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(
        () -> {
          underway.addAndGet(-count);
          if (!result.isSuccess()) {
            lose(count, result.getFailureThrowable());
          }
        });
  }

  private void lose(int count, @Nullable Throwable why) {
    lost.addAndGet(count);
    long now = System.nanoTime();
    long before = reportedAt.get();
    if (now - before >= BETWEEN_REPORTS && reportedAt.compareAndSet(before, now)) {
      LOG.warn("Spans are not received by {}, and are lost: {}", endpoint, reason(why));
    }
  }

  /** The innermost cause; the SDK has none for an answer that is no 2xx. */
  private static String reason(@Nullable Throwable why) {
    Throwable cause = why == null ? null : why.getCause();
    if (cause == null) {
      return "the collector answers with an error";
    }
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
