package dev.meridian.publish;

import dev.meridian.source.Problem;
import java.util.List;

/** The files cannot be served as they are; it carries all that is wrong with them. */
public final class LoadFailedException extends Exception {
  private final transient List<Problem> problems;

  /**
   * A failed load.
   *
   * @param problems at least one error, and any warnings
   */
  public LoadFailedException(List<Problem> problems) {
    super(problems.size() + " problems");
    this.problems = List.copyOf(problems);
  }

  /** A failed load with one error, which is of no line. */
  static LoadFailedException because(String file, String message) {
    return new LoadFailedException(
        List.of(new Problem(file, 1, 1, Problem.Severity.ERROR, message)));
  }

  /** Errors and warnings in the order of the files. */
  public List<Problem> problems() {
    return problems;
  }
}
