package dev.meridian.state;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known of something in a state file, on a thread of its own, so that a slow or full
 * disk holds up nobody. It looks now and then whether there is news; that news cannot be kept is
 * said once, until it can. Safe for any thread.
 *
 * @param <T> what is known at one moment; immutable
 */
public final class StateKeeper<T> implements StateWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  /** What is kept; asked by the keeper's thread. */
  public interface Subject<T> {
    /** What it is about, such as {@code health}. */
    String name();

    /** What is known now. */
    T known();

    /** Whether it has to be kept, where something else is. */
    boolean isNews(T known, T kept);

    /** As it is kept. */
    byte[] octets(T known);
  }

  /** Reads what a {@link Subject} has written. */
  public interface Parser<R> {
    /** Throws {@link IOException} with a sentence for what it does not understand. */
    R parse(byte[] octets) throws IOException;
  }

  private final StateFile file;
  private final Subject<T> subject;
  private final T nothing;
  private final ScheduledExecutorService thread;

  /** When the disk last had all that is known, on the monotonic clock. */
  private volatile long keptNanos = System.nanoTime();

  // The thread's own.
  private T kept;
  private boolean failing;

  /** Whether another process keeps what is known. */
  private boolean suspended;

  /**
   * Does nothing before {@link #begin}.
   *
   * @param threadName of the thread, which is there as soon as there is something to do
   * @param nothing what is known while nothing is
   */
  public StateKeeper(String threadName, StateFile file, Subject<T> subject, T nothing) {
    this.file = file;
    this.subject = subject;
    this.nothing = nothing;
    this.kept = nothing;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(threadName).daemon().factory());
  }

  /**
   * What was kept last; nothing rather than a failure, which is told in the log.
   *
   * @param name what it is about, as a {@link Subject} has it
   */
  public static <R> R recall(StateFile file, String name, Parser<R> parser, R nothing) {
    StateFile.Kept found = file.read();
    found.complaints().forEach(complaint -> LOG.warn("{}", complaint));
    byte[] octets = found.octets();
    try {
      return octets == null ? nothing : parser.parse(octets);
    } catch (IOException e) {
      LOG.warn("What was known of {} before the start cannot be used: {}", name, Reasons.of(e));
      return nothing;
    }
  }

  /**
   * Looks for news from now on; called once.
   *
   * @param period how often; what is younger may be lost with the process
   * @param recalled what the file has already
   */
  public void begin(Duration period, T recalled) {
    kept = recalled; // seen by the thread, which is given its work only now
    long millis = period.toMillis();
    var _ = thread.scheduleWithFixedDelay(this::keep, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void keep() {
    T known = subject.known();
    if (suspended) {
      return;
    }
    if (!subject.isNews(known, kept)) {
      keptNanos = failing ? keptNanos : System.nanoTime();
      return;
    }
    try {
      write(subject.octets(known));
      kept = known;
      keptNanos = System.nanoTime();
      if (failing) {
        LOG.info("What is known of {} is kept again", subject.name());
      }
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.warn(
            "What is known of {} cannot be kept, and a restart would lose it: {}",
            subject.name(),
            Reasons.withFile(e));
      }
      failing = true;
    }
  }

  /**
   * Keeps octets now. On the keeper's thread only: in the work of {@link #inTurn}.
   *
   * @throws IOException if they cannot be kept, or not while another process keeps what is known
   */
  public void write(byte[] octets) throws IOException {
    if (suspended) {
      throw new IOException("another process is taking over; try again in a moment");
    }
    file.write(octets);
  }

  /** Does work on the keeper's thread: nothing is kept meanwhile. */
  public <R> CompletableFuture<R> inTurn(Supplier<R> work) {
    return CompletableFuture.supplyAsync(work, thread);
  }

  /**
   * What another process has kept since this one has last read or written.
   *
   * @return null: nothing
   * @throws IllegalStateException if the disk is too slow
   */
  public <R> @Nullable R newer(Supplier<R> reader) {
    Callable<@Nullable R> read = () -> file.isBehind() ? reader.get() : null;
    return OwnThread.call(thread, read);
  }

  /** How far the disk is behind what is known; from any thread. */
  public Duration behind() {
    return Duration.ofNanos(System.nanoTime() - keptNanos);
  }

  @Override
  public void suspend() {
    OwnThread.run(
        thread,
        () -> {
          keep();
          suspended = true;
        });
  }

  /** What is known here is kept anew, over whatever another process has kept. */
  @Override
  public void resume() {
    OwnThread.run(
        thread,
        () -> {
          file.read(); // or what is kept next would count as older
          kept = nothing;
          suspended = false;
        });
  }

  /** Keeps everything once more and ends the thread. */
  @Override
  public void close() {
    if (!thread.isShutdown()) {
      thread.execute(this::keep);
    }
    OwnThread.end(
        thread,
        CLOSE_PATIENCE,
        () ->
            LOG.warn(
                "The disk is slow; the newest of what is known of {} may not be kept",
                subject.name()));
  }
}
