package dev.meridian.geo;

import java.util.List;
import java.util.stream.Collectors;

/** A file that says where clients are, or how far from a region, cannot be used. */
public final class GeoException extends RuntimeException {
  private final transient List<Problem> problems;

  /**
   * One thing that is wrong with a file.
   *
   * @param line 1 is the first, and all there is of a database: where in it is part of the message
   * @param column 1 is the first; characters
   * @param message what is wrong, and what to do
   */
  public record Problem(String file, int line, int column, String message) {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column + ": " + message;
    }
  }

  GeoException(String file, String message) {
    this(List.of(new Problem(file, 1, 1, message)));
  }

  GeoException(String file, String message, Throwable cause) {
    this(file, message);
    initCause(cause);
  }

  /** With at least one problem. */
  GeoException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, at least one thing, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }

  /** The same for people, each as {@code file:line:column: message}. */
  public List<String> lines() {
    return problems.stream().map(Problem::toString).toList();
  }
}
