package dev.meridian.load;

import dev.meridian.source.Problems;
import java.util.List;

/**
 * The tests of a zone folder.
 *
 * @param tests those without an error, in the order of files and lines
 * @param problems of all files
 */
public record LoadedTests(List<RoutingTest> tests, Problems problems) {
  /** None. */
  public static final LoadedTests NONE = new LoadedTests(List.of(), new Problems(1));

  /** Copies the list. */
  public LoadedTests {
    tests = List.copyOf(tests);
  }
}
