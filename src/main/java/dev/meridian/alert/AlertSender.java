package dev.meridian.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.config.ServerConfig;
import dev.meridian.state.Journal;
import dev.meridian.state.JournalEntry;
import dev.meridian.state.SecretFile;
import dev.meridian.state.StateFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what happened to one webhook: in order, at least once, from where the last process got an
 * answer. The journal is the queue, so that a receiver that is away for a day costs no memory. A
 * thread of its own waits for the receiver; each request ends by its deadline, whatever comes.
 */
final class AlertSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertSender.class);

  /** Entries in one request. */
  static final int BATCH = 50;

  /** A request that is refused as wrong so often is given up. */
  static final int TRIES_WHEN_WRONG = 10;

  /**
   * How long things take.
   *
   * @param deadline of a request, from connecting to the response's header
   * @param firstPause after a failure; doubles with each
   * @param longestPause that it grows to
   */
  record Patience(Duration deadline, Duration firstPause, Duration longestPause) {
    static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(1));
  }

  private final Journal journal;
  private final URI url;
  private final Optional<byte[]> key;
  private final String server;
  private final StateFile cursor;
  private final Patience patience;
  private final HttpClient client;
  private final Semaphore news = new Semaphore(0);
  private final Journal.Subscription subscription;
  private final Thread thread;
  private final LongAdder received = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder givenUp = new LongAdder();
  private volatile boolean closed;
  private volatile long acknowledged;

  // The thread's own.
  private int failures;

  /**
   * Begins to send.
   *
   * @param key signs each request; empty: they are not signed
   * @param server says to the receiver who it is
   * @param cursor keeps what the receiver has
   */
  AlertSender(
      Journal journal,
      URI url,
      Optional<byte[]> key,
      String server,
      StateFile cursor,
      Patience patience) {
    this.journal = journal;
    this.url = url;
    this.key = key;
    this.server = server;
    this.cursor = cursor;
    this.patience = patience;
    this.acknowledged = recall();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.deadline())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.subscription = journal.subscribe(journal.position(), Runnable::run, new Bell());
    this.thread = Thread.ofPlatform().name("meridian-alerts").daemon().start(this::run);
  }

  /** Begins to send to every webhook there is. */
  static List<AlertSender> all(ServerConfig config, Journal journal) {
    Optional<byte[]> key = config.alertKeyFile().map(SecretFile::read);
    String server = config.vantage().or(config::serverId).orElse("meridian");
    return config.alertUrls().stream()
        .map(url -> new AlertSender(journal, url, key, server, file(config, url), Patience.DEFAULT))
        .toList();
  }

  /** Named after the URL without showing it. */
  private static StateFile file(ServerConfig config, URI url) {
    CRC32C name = new CRC32C();
    name.update(url.toString().getBytes(UTF_8));
    return new StateFile(config.state(), String.format("alerts-%08x", name.getValue()));
  }

  /** Rings on whatever thread has something to tell; it must not wait. */
  private final class Bell implements Journal.Subscriber {
    @Override
    public void next(JournalEntry entry) {
      news.release();
    }

    @Override
    public void dropped() {
      news.release();
    }
  }

  /** At the first start, what happened before is not sent. */
  private long recall() {
    StateFile.Kept kept = cursor.read();
    kept.complaints().forEach(complaint -> LOG.warn("{}", complaint));
    byte[] octets = kept.octets();
    if (octets == null || octets.length != Long.BYTES) {
      return journal.position();
    }
    return Math.min(ByteBuffer.wrap(octets).getLong(), journal.position());
  }

  private void run() {
    while (!closed) {
      try {
        List<JournalEntry> batch = journal.since(acknowledged, BATCH);
        if (batch.isEmpty()) {
          news.acquire();
          news.drainPermits();
        } else {
          attempt(batch);
        }
      } catch (InterruptedException e) {
        return; // closed
      } catch (IOException | RuntimeException e) {
        LOG.error("Alerts to {} are delayed", name(), e);
        if (!pause()) {
          return;
        }
      }
    }
  }

  private void attempt(List<JournalEntry> batch) throws InterruptedException {
    String trouble = post(AlertJson.body(server, batch));
    if (trouble.isEmpty()) {
      if (failures > 0) {
        LOG.info("Alerts to {} are received again", name());
      }
      received.add(batch.size());
      acknowledge(batch.getLast().sequence());
      return;
    }
    failed.increment();
    if (failures == 0) {
      LOG.warn("Alerts to {} are not received, and will be sent again: {}", name(), trouble);
    }
    if (trouble.startsWith(WRONG) && failures + 1 >= TRIES_WHEN_WRONG) {
      LOG.error("Alerts to {} are given up, {} of them: {}", name(), batch.size(), trouble);
      givenUp.add(batch.size());
      acknowledge(batch.getLast().sequence());
    } else {
      pause();
    }
  }

  private static final String WRONG = "refused as wrong, HTTP ";

  /** Empty: received. */
  private String post(byte[] body) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    key.ifPresent(secret -> request.header("Meridian-Signature", "sha256=" + sign(secret, body)));
    CompletableFuture<HttpResponse<Void>> response =
        client.sendAsync(request.build(), _ -> new NoBody());
    try {
      int status = response.get(patience.deadline().toNanos(), TimeUnit.NANOSECONDS).statusCode();
      if (status / 100 == 2) {
        return "";
      }
      boolean later = status / 100 != 4 || status == 408 || status == 425 || status == 429;
      return later ? "HTTP " + status : WRONG + status;
    } catch (TimeoutException e) {
      return "no response within " + patience.deadline().toMillis() + " ms";
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    } finally {
      response.cancel(true); // whatever still comes is not waited for
    }
  }

  private static String sign(byte[] key, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private void acknowledge(long sequence) {
    acknowledged = sequence;
    failures = 0;
    try {
      cursor.write(ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
    } catch (IOException e) {
      LOG.debug("What {} has received cannot be kept; a restart would send it again", name(), e);
    }
  }

  /** Whether it is to go on. */
  private boolean pause() {
    long longest = patience.longestPause().toNanos();
    long nanos = Math.min(longest, patience.firstPause().toNanos() << Math.min(failures, 20));
    failures++;
    try {
      TimeUnit.NANOSECONDS.sleep(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
      return true;
    } catch (InterruptedException e) {
      closed = true;
      return false;
    }
  }

  /** How it fares; from any thread. */
  AlertFigures figures() {
    long waiting = Math.max(0, journal.position() - acknowledged);
    return new AlertFigures(name(), received.sum(), failed.sum(), givenUp.sum(), waiting);
  }

  /** Without what may be secret in an address. */
  private String name() {
    return url.getScheme() + "://" + url.getHost();
  }

  /** Ends at once; what is not received yet is sent after the next start. */
  @Override
  public void close() {
    closed = true;
    subscription.close();
    thread.interrupt();
    client.shutdownNow();
  }
}
