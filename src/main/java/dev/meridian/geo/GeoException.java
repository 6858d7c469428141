package dev.meridian.geo;

import java.util.List;

/** A geo file that cannot be used. The message names the file, what is wrong, and what to do. */
public final class GeoException extends RuntimeException {
  private final List<String> problems;

  GeoException(String message) {
    super(message);
    problems = List.of(message);
  }

  GeoException(String message, Throwable cause) {
    super(message, cause);
    problems = List.of(message);
  }

  GeoException(String message, List<String> problems) {
    super(message);
    this.problems = List.copyOf(problems);
  }

  /**
   * Every problem on its own: {@code line:column: message} for a text file, else the message of the
   * exception.
   */
  public List<String> problems() {
    return problems;
  }
}
