package dev.meridian.load;

import java.util.List;

/**
 * The tests of a zone folder.
 *
 * @param tests those without an error, in the order of files and lines
 * @param problems of all files
 */
public record LoadedTests(List<RoutingTest> tests, Problems problems) {
  /** Copies the list. */
  public LoadedTests {
    tests = List.copyOf(tests);
  }
}
