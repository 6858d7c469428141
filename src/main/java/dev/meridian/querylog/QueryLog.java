package dev.meridian.querylog;

import dev.meridian.answer.QueryRecord;
import dev.meridian.answer.QueryRing;
import dev.meridian.config.QueryLogFormat;
import dev.meridian.policy.ClientSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the event loops have answered: lines to a file, dnstap frames, or both.
 *
 * <pre>
 * event loop ── QueryRing ─┐
 * event loop ── QueryRing ─┴─ meridian-queries ─┬─ Lines
 *                                               └─ Dnstap
 * </pre>
 *
 * <p>Loops hand over and go on. The thread looks for more a few hundred times a second, so no loop
 * ever has to wake it. What it cannot keep up with, and what a disk or a reader does not take, is
 * lost and counted; answers never wait.
 */
public final class QueryLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);

  /** Queries that a loop may be ahead of the thread: 20 ms at 400 000 a second. */
  private static final int CAPACITY = 8192;

  /** Messages take much room; few who use dnstap answer as much. */
  private static final int CAPACITY_WITH_MESSAGES = 2048;

  /** The largest UDP response, and more than any query; longer ones are noted without. */
  private static final int MESSAGE_OCTETS = 4096;

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration LOOK_AFTER = Duration.ofSeconds(1);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(60);
  private static final int BATCH = 1024;

  private final QueryLogSettings settings;
  private final InstantSource clock;
  private final List<Sink> sinks = new ArrayList<>();
  private final List<QueryRing> rings = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean reopen;

  // The thread's own.
  private long lookedAt = System.nanoTime() - LOOK_AFTER.toNanos();
  private long reportedAt = System.nanoTime() - BETWEEN_REPORTS.toNanos();
  private long wallNanos;

  /**
   * Opens what is to be written to, and starts the thread.
   *
   * @param space by which reasons are told
   * @throws QueryLogException if the file cannot be opened
   */
  public QueryLog(QueryLogSettings settings, InstantSource clock, Supplier<ClientSpace> space) {
    this.settings = settings;
    this.clock = clock;
    settings.file().ifPresent(file -> sinks.add(lines(file, space)));
    settings.dnstap().ifPresent(target -> sinks.add(new Dnstap(target, settings)));
    this.thread = Thread.ofPlatform().name("meridian-queries").daemon().unstarted(this::run);
    thread.start();
  }

  private Sink lines(Path file, Supplier<ClientSpace> space) {
    LineFormat format =
        settings.format() == QueryLogFormat.ROUTE53
            ? new Route53Line(settings.server())
            : new JsonLine(settings.server(), new Reasons(space));
    try {
      return new Lines(new LogFile(file), format);
    } catch (IOException e) {
      throw new QueryLogException(file, e);
    }
  }

  /** A ring for one more event loop. */
  public QueryRing ring() {
    boolean messages = settings.dnstap().isPresent();
    QueryRing ring =
        new QueryRing(messages ? CAPACITY_WITH_MESSAGES : CAPACITY, messages ? MESSAGE_OCTETS : 0);
    synchronized (rings) {
      rings.add(ring);
    }
    return ring;
  }

  private List<QueryRing> rings() {
    synchronized (rings) {
      return List.copyOf(rings);
    }
  }

  /** How many entries were lost: in full rings, and by what they were to be written to. */
  public long lost() {
    return rings().stream().mapToLong(QueryRing::lost).sum()
        + sinks.stream().mapToLong(Sink::lost).sum();
  }

  /** Opens files anew, soon: somebody has moved them. */
  public void reopen() {
    reopen = true;
  }

  private void run() {
    while (!closing) {
      if (!pass()) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    while (pass()) {
      // what was answered before the end
    }
    sinks.forEach(Sink::close);
  }

  /** Writes what waits. Whether there was so much that more may wait already. */
  private boolean pass() {
    long now = System.nanoTime();
    wallNanos = toNanos(clock.instant()) - now;
    boolean more = false;
    boolean looks = now - lookedAt >= LOOK_AFTER.toNanos();
    lookedAt = looks ? now : lookedAt;
    boolean anew = reopen;
    reopen = false;
    for (QueryRing ring : rings()) {
      more |= drain(ring);
    }
    for (Sink sink : sinks) {
      attempt(sink::flush);
      if (anew) {
        sink.reopen();
      }
      if (looks || anew) {
        attempt(sink::look);
      }
    }
    return more;
  }

  private boolean drain(QueryRing ring) {
    for (int i = 0; i < BATCH; i++) {
      QueryRecord record = ring.peek();
      if (record == null) {
        return false;
      }
      Entry entry = Entry.of(record, wall(record.nanos()), settings.wholeAddresses());
      for (Sink sink : sinks) {
        attempt(() -> sink.add(entry));
      }
      ring.release();
    }
    return true;
  }

  private Instant wall(long nanos) {
    return Instant.EPOCH.plusNanos(wallNanos + nanos);
  }

  private static long toNanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** What {@link #attempt} runs. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** No failure ends the thread, and the log of it is not flooded in its turn. */
  private void attempt(Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      report(e);
    }
  }

  private void report(@Nullable Exception e) {
    long now = System.nanoTime();
    if (now - reportedAt > BETWEEN_REPORTS.toNanos()) {
      reportedAt = now;
      LOG.warn(
          "Queries cannot be written down, and are lost: {}; lost so far: {}",
          e == null ? "there are more than can be written" : dev.meridian.text.Reasons.withFile(e),
          lost());
    }
  }

  /** Writes what is there and ends the thread; waits a second at most. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
