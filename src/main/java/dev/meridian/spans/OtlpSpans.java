package dev.meridian.spans;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands spans on by OTLP over HTTP, some hundred in a request, from a thread of its own. What waits
 * is bounded; what a collector does not take is lost and counted: no trace is worth memory.
 */
final class OtlpSpans implements Spans {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpSpans.class);
  private static final int MAX_WAITING = 2048;
  private static final int BATCH = 256;
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(60);

  private final URI endpoint;
  private final int checksOneIn;
  private final OtlpEncoder encoder;
  private final RandomGenerator random;
  private final HttpClient client;
  private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong checks = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private long reportedAt = System.nanoTime() - BETWEEN_REPORTS.toNanos();

  OtlpSpans(URI endpoint, int checksOneIn, String version, RandomGenerator random) {
    this.endpoint = endpoint;
    this.checksOneIn = checksOneIn;
    this.random = random;
    this.encoder = new OtlpEncoder(version);
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    this.thread = Thread.ofPlatform().name("meridian-spans").daemon().unstarted(this::run);
    thread.start();
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
    if (!waiting.offer(span)) {
      lost.incrementAndGet();
    }
  }

  @Override
  public long lost() {
    return lost.get();
  }

  private void run() {
    try {
      while (!closing) {
        Span first = waiting.poll(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          send(first);
        }
      }
    } catch (InterruptedException e) {
      // closing; what waits is still sent
    }
    for (Span first = waiting.poll(); first != null && send(first); first = waiting.poll()) {
      // the last of them
    }
  }

  private boolean send(Span first) {
    List<Span> batch = new ArrayList<>(List.of(first));
    waiting.drainTo(batch, BATCH - 1);
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(encoder.encode(batch, random)))
            .build();
    try {
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      if (response.statusCode() / 100 == 2) {
        return true;
      }
      lose(batch.size(), "status " + response.statusCode());
    } catch (IOException | RuntimeException e) {
      lose(batch.size(), e.toString());
    } catch (InterruptedException e) {
      lose(batch.size(), "the server is stopping");
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void lose(int spans, String why) {
    lost.addAndGet(spans);
    long now = System.nanoTime();
    if (now - reportedAt > BETWEEN_REPORTS.toNanos()) {
      reportedAt = now;
      LOG.warn("Spans are not received by {}, and are lost: {}", endpoint, why);
    }
  }

  /** Sends what waits; takes a second at most. */
  @Override
  public void close() {
    closing = true;
    try {
      if (!thread.join(BETWEEN)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
  }
}
