package dev.meridian.control;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthOverride.Origin;
import dev.meridian.state.OwnThread;
import dev.meridian.state.StateFile;
import dev.meridian.state.StateWriter;
import dev.meridian.text.Reasons;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what health checking knows on disk, on a thread of its own, so that a slow or full disk
 * holds up neither probes nor answers. Verdicts are kept once a second; an override is kept before
 * it is acknowledged.
 */
final class HealthKeeper implements StateWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthKeeper.class);
  private static final long PERIOD_SECONDS = 1;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
  private static final int MAX_OVERRIDES = 1000;

  private final StateFile file;
  private final InstantSource clock;
  private final HealthFeed feed;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("meridian-keeper").daemon().factory());

  /** When the disk last had all that is known, on the monotonic clock. */
  private volatile long keptNanos = System.nanoTime();

  // The thread's own.
  private HealthBoard kept = HealthBoard.EMPTY;
  private boolean failing;

  /** Whether another process keeps what is known. */
  private volatile boolean suspended;

  private HealthKeeper(StateFile file, InstantSource clock, HealthFeed feed) {
    this.file = file;
    this.clock = clock;
    this.feed = feed;
  }

  /** The file in a folder that need not exist. */
  static StateFile file(Path folder) {
    return new StateFile(folder, "health");
  }

  /** What of the last process's knowledge still holds; nothing rather than a failure. */
  static HealthMemory recall(StateFile file, Instant now) {
    StateFile.Kept kept = file.read();
    kept.complaints().forEach(complaint -> LOG.warn("{}", complaint));
    byte[] octets = kept.octets();
    if (octets == null) {
      return HealthMemory.EMPTY;
    }
    try {
      return HealthMemory.read(octets).at(now);
    } catch (IOException e) {
      LOG.warn("What was known of health before the start cannot be used: {}", Reasons.of(e));
      return HealthMemory.EMPTY;
    }
  }

  /** Begins keeping what the feed's board says. */
  static HealthKeeper start(StateFile file, InstantSource clock, HealthFeed feed) {
    HealthKeeper keeper = new HealthKeeper(file, clock, feed);
    keeper.thread.scheduleWithFixedDelay(
        keeper::keep, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return keeper;
  }

  private void keep() {
    HealthBoard board = feed.board();
    if (suspended) {
      return;
    }
    if (board.statuses().equals(kept.statuses()) && board.overrides().equals(kept.overrides())) {
      keptNanos = failing ? keptNanos : System.nanoTime();
      return;
    }
    try {
      file.write(feed.memory(board, clock.instant()).octets());
      kept = board;
      keptNanos = System.nanoTime();
      if (failing) {
        LOG.info("What is known of health is kept again");
      }
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.warn(
            "What is known of health cannot be kept, and a restart would lose it: {}",
            Reasons.withFile(e));
      }
      failing = true;
    }
  }

  /** How far the disk is behind what is known; from any thread. */
  Duration behind() {
    return Duration.ofNanos(System.nanoTime() - keptNanos);
  }

  /**
   * Puts an override in force, in place of one with the same selector.
   *
   * @return completes when it is on the disk and in force; exceptionally with {@link IOException}
   *     if it cannot be kept, or {@link RefusedException} if it means no check
   */
  CompletableFuture<HealthBoard> place(HealthOverride override) {
    return change(
        override::replaces,
        board -> {
          var pattern = HealthOverride.pattern(override.selector());
          if (board.statuses().stream().noneMatch(s -> pattern.matcher(s.id()).matches())) {
            throw new RefusedException(
                "no health check is meant by '" + override.selector() + "'; see 'meridian states'");
          }
          return List.of(override);
        });
  }

  /**
   * Ends the override with this selector.
   *
   * @param weight whether it is the one of weight that ends, or the one of health
   * @return as {@link #place}
   */
  CompletableFuture<HealthBoard> lift(String selector, boolean weight) {
    Predicate<HealthOverride> ended =
        each -> each.selector().equals(selector) && each.isWeight() == weight;
    return change(
        ended,
        board -> {
          if (board.overrides(Origin.COMMAND).stream().noneMatch(ended)) {
            throw new RefusedException(
                "there is no override of '"
                    + selector
                    + (weight ? "' in weight" : "' in health")
                    + " by a command; one from overrides.yaml ends when it is taken out there");
          }
          return List.of();
        });
  }

  /** What takes the place of some overrides. */
  private interface Replacement {
    List<HealthOverride> of(HealthBoard board);
  }

  private CompletableFuture<HealthBoard> change(
      Predicate<HealthOverride> replaced, Replacement replacement) {
    return CompletableFuture.supplyAsync(() -> write(replaced, replacement), thread);
  }

  private HealthBoard write(Predicate<HealthOverride> replaced, Replacement replacement) {
    if (suspended) {
      throw new CompletionException(
          new IOException("another process is taking over; try again in a moment"));
    }
    HealthBoard board = feed.board();
    List<HealthOverride> next = new ArrayList<>(board.overrides(Origin.COMMAND));
    List<HealthOverride> added = replacement.of(board);
    next.removeIf(replaced);
    next.addAll(added);
    if (next.size() > MAX_OVERRIDES) {
      throw new RefusedException("there are " + MAX_OVERRIDES + " overrides already");
    }
    HealthBoard after = new HealthBoard(board.statuses(), board.eligibility(), next);
    try {
      file.write(feed.memory(after, clock.instant()).octets());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
    // only now: the next one must see it, and nothing may be in force that is not kept
    return feed.override(next).join();
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

  @Override
  public void resume() {
    OwnThread.run(
        thread,
        () -> {
          kept = HealthBoard.EMPTY;
          suspended = false;
        });
  }

  /** What another process has kept since {@link #suspend}; null: nothing. */
  @Nullable HealthMemory newer() {
    return OwnThread.call(thread, () -> file.isBehind() ? recall(file, clock.instant()) : null);
  }

  /** Keeps everything once more and ends the thread. */
  @Override
  public void close() {
    thread.execute(this::keep);
    OwnThread.end(
        thread,
        CLOSE_PATIENCE,
        () -> LOG.warn("The disk is slow; the newest of what is known of health may not be kept"));
  }
}
