package dev.meridian.publish;

import dev.meridian.source.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one load went.
 *
 * @param ok whether what was loaded is now being served; if not, what was served before still is
 * @param generation of what is served after it; 0: nothing
 * @param reason who or what asked for it
 * @param at when it ended; wall clock, for people
 * @param took from the request's turn to publication
 * @param problems errors, if it is not ok, and warnings
 * @param heldBack whether it is not ok though nothing is wrong: the publish gate held it back
 * @param kept the kept set that was read in place of the files; null: it was the files
 */
public record ReloadResult(
    boolean ok,
    long generation,
    String reason,
    Instant at,
    Duration took,
    List<Problem> problems,
    boolean heldBack,
    @Nullable KeptSet kept) {
  /** Copies the list. */
  public ReloadResult {
    problems = List.copyOf(problems);
  }

  /** How many of the problems are errors. */
  public long errorCount() {
    return problems.stream().filter(Problem::isError).count();
  }
}
