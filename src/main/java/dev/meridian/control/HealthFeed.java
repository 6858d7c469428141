package dev.meridian.control;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthOverride;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Health checking, as far as control deals with it. */
public interface HealthFeed {
  /**
   * Makes these the checks that are watched.
   *
   * @param decided overrides that the zone folder has for them
   * @return completes with the first board that knows them all
   * @throws IllegalArgumentException as {@link dev.meridian.health.CheckOrder#of}; nothing changes
   *     then
   */
  CompletableFuture<HealthBoard> define(
      Collection<HealthCheck> checks, List<HealthOverride> decided);

  /** The newest board; from any thread. */
  HealthBoard board();

  /** What is worth keeping of a board, and of what it does not show; from any thread. */
  default HealthMemory memory(HealthBoard board, Instant now) {
    return HealthMemory.of(board, Map.of(), now);
  }

  /** The last results of every check; for any thread. */
  HealthHistory history();

  /**
   * Makes these all the overrides that commands have set, without keeping them anywhere.
   *
   * @return completes with the first board that they are in force on
   */
  CompletableFuture<HealthBoard> override(List<HealthOverride> overrides);
}
