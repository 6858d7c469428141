package dev.meridian.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Bounds what one kind of message may add to the log, so that nothing that comes from outside can
 * fill a disk: a hundred in ten seconds, the rest is counted and told in one line. A kind is a
 * logger and its text before anything is put into it, so there are only as many as there are
 * statements.
 */
public final class RepeatFilter extends TurboFilter {
  static final int LIMIT = 100;
  static final Duration WINDOW = Duration.ofSeconds(10);

  private final LongSupplier nanos;
  private final Executor afterWindow;
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

  /** How much there was of one kind; its own lock guards it. */
  private static final class Kind {
    private long began;
    private int passed;
    private int suppressed;
  }

  /** By the clock of the machine. */
  public RepeatFilter() {
    this(
        System::nanoTime,
        CompletableFuture.delayedExecutor(WINDOW.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * By any clock.
   *
   * @param afterWindow runs what it is given when a window has passed
   */
  RepeatFilter(LongSupplier nanos, Executor afterWindow) {
    this.nanos = nanos;
    this.afterWindow = afterWindow;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (format == null || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL; // a question only, or not to be logged anyway
    }
    Kind kind = kinds.computeIfAbsent(logger.getName() + ' ' + format, _ -> new Kind());
    return passes(kind, logger, format) ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private boolean passes(Kind kind, Logger logger, String format) {
    long now = nanos.getAsLong();
    synchronized (kind) {
      if (kind.passed == 0 || now - kind.began >= WINDOW.toNanos()) {
        kind.began = now;
        kind.passed = 0;
      }
      if (kind.passed < LIMIT) {
        kind.passed++;
        return true;
      }
      if (kind.suppressed++ == 0) {
        afterWindow.execute(() -> tell(kind, logger, format));
      }
      return false;
    }
  }

  private static void tell(Kind kind, Logger logger, String format) {
    int suppressed;
    synchronized (kind) {
      suppressed = kind.suppressed;
      kind.suppressed = 0;
    }
    logger.warn("{} more like '{}' were suppressed", suppressed, format);
  }
}
