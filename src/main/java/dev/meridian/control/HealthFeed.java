package dev.meridian.control;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Health checking, as far as control deals with it. */
public interface HealthFeed {
  /**
   * Makes these the checks that are watched.
   *
   * @return completes with the first board that knows them all
   * @throws IllegalArgumentException if two different definitions have one id; nothing changes then
   */
  CompletableFuture<HealthBoard> define(Collection<HealthCheck> checks);

  /** The newest board; from any thread. */
  HealthBoard board();
}
