package dev.meridian.control;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthOverride.Origin;
import dev.meridian.state.StateFile;
import dev.meridian.state.StateKeeper;
import dev.meridian.state.StateWriter;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what health checking knows over restarts: verdicts once a second, and an override before it
 * is acknowledged.
 */
final class HealthKeeper implements StateWriter, AutoCloseable {
  private static final String NAME = "health";
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int MAX_OVERRIDES = 1000;

  private final InstantSource clock;
  private final HealthFeed feed;
  private final StateFile file;
  private final StateKeeper<HealthBoard> keeper;

  private HealthKeeper(StateFile file, InstantSource clock, HealthFeed feed) {
    this.clock = clock;
    this.feed = feed;
    this.file = file;
    this.keeper = new StateKeeper<>("meridian-keeper", file, new Verdicts(), HealthBoard.EMPTY);
  }

  /** Samples of checks come with every probe, and are not worth a write. */
  private final class Verdicts implements StateKeeper.Subject<HealthBoard> {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public HealthBoard known() {
      return feed.board();
    }

    @Override
    public boolean isNews(HealthBoard known, HealthBoard kept) {
      return !known.statuses().equals(kept.statuses())
          || !known.overrides().equals(kept.overrides());
    }

    @Override
    public byte[] octets(HealthBoard known) {
      return feed.memory(known, clock.instant()).octets();
    }
  }

  /** The file in a folder that need not exist. */
  static StateFile file(Path folder) {
    return new StateFile(folder, NAME);
  }

  /** What of the last process's knowledge still holds; nothing rather than a failure. */
  static HealthMemory recall(StateFile file, Instant now) {
    return StateKeeper.recall(
        file, NAME, octets -> HealthMemory.read(octets).at(now), HealthMemory.EMPTY);
  }

  /** Begins keeping what the feed's board says. */
  static HealthKeeper start(StateFile file, InstantSource clock, HealthFeed feed) {
    HealthKeeper keeper = new HealthKeeper(file, clock, feed);
    keeper.keeper.begin(PERIOD, HealthBoard.EMPTY);
    return keeper;
  }

  /** How far the disk is behind what is known; from any thread. */
  Duration behind() {
    return keeper.behind();
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
    return keeper.inTurn(() -> write(replaced, replacement));
  }

  private HealthBoard write(Predicate<HealthOverride> replaced, Replacement replacement) {
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
      keeper.write(feed.memory(after, clock.instant()).octets());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
    // only now: the next one must see it, and nothing may be in force that is not kept
    return feed.override(next).join();
  }

  @Override
  public void suspend() {
    keeper.suspend();
  }

  @Override
  public void resume() {
    keeper.resume();
  }

  /** What another process has kept since {@link #suspend}; null: nothing. */
  @Nullable HealthMemory newer() {
    return keeper.newer(() -> recall(file, clock.instant()));
  }

  /** Keeps everything once more and ends the thread. */
  @Override
  public void close() {
    keeper.close();
  }
}
