package dev.meridian.analysis;

import dev.meridian.answer.Explanation;
import dev.meridian.load.RoutingTest;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What came of a test.
 *
 * @param failures one sentence for each expectation that is not met; none: it passed
 * @param nanos how long it took
 */
public record TestResult(RoutingTest test, List<Failure> failures, long nanos) {
  /** Copies the list. */
  public TestResult {
    failures = List.copyOf(failures);
  }

  /** Whether all is as expected. */
  public boolean passed() {
    return failures.isEmpty();
  }

  /**
   * One expectation that is not met.
   *
   * @param type asked for
   * @param sentence what was expected and what is so
   * @param explanation of one client for whom it is not met; null if it is about all of them
   * @param healthText of a health check by its number, as the test assumes it
   */
  public record Failure(
      int type,
      String sentence,
      @Nullable Explanation explanation,
      IntFunction<String> healthText) {}
}
