package dev.meridian.control;

import dev.meridian.publish.KeptSet;
import dev.meridian.publish.ReloadResult;
import dev.meridian.text.Count;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log how a load went. */
final class LoadLog {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  /** More than this goes to the API, not to the log. */
  private static final int LOGGED_PROBLEMS = 20;

  private LoadLog() {}

  /**
   * Writes it.
   *
   * @param next the kept set that will be served in a moment; null: none will
   * @param zones how many are served
   * @param serving whether anything was served before
   */
  static void write(ReloadResult result, @Nullable KeptSet next, int zones, boolean serving) {
    KeptSet old = result.kept();
    if (result.ok() && old != null) {
      LOG.warn(
          "Serving kept generation {} of {} as generation {} in place of the files ({}, {} ms)",
          old.generation(),
          old.at(),
          result.generation(),
          result.reason(),
          result.took().toMillis());
    } else if (result.ok()) {
      LOG.info(
          "Serving generation {} with {} ({}, {} ms)",
          result.generation(),
          Count.of(zones, "zone"),
          result.reason(),
          result.took().toMillis());
    } else {
      LOG.error(
          "Load {} ({}), errors: {}; {}",
          result.heldBack() ? "held back by the publish gate" : "refused",
          result.reason(),
          result.errorCount(),
          instead(result, next, serving));
    }
    result.problems().stream().limit(LOGGED_PROBLEMS).forEach(problem -> LOG.warn("{}", problem));
  }

  private static String instead(ReloadResult refused, @Nullable KeptSet next, boolean serving) {
    if (next != null) {
      return "kept generation " + next.generation() + " is served in place of the files";
    }
    return serving
        ? "generation " + refused.generation() + " is still served"
        : "nothing is served";
  }
}
