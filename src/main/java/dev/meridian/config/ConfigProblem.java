package dev.meridian.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with the configuration.
 *
 * @param where {@code file:line:column} or the flag, such as {@code --listen}
 * @param message what is wrong and what to do
 */
public record ConfigProblem(String where, String message) {
  /** Flags first, as they were found; then from the top of the file down. */
  static final Comparator<ConfigProblem> READING_ORDER =
      Comparator.comparingInt((ConfigProblem problem) -> problem.number(1))
          .thenComparingInt(problem -> problem.number(2));

  private static final Pattern PLACE = Pattern.compile(":(\\d{1,9}):(\\d{1,9})$");

  /** Line or column; 0 of a flag. */
  private int number(int group) {
    Matcher place = PLACE.matcher(where);
    return place.find() ? Integer.parseInt(place.group(group)) : 0;
  }

  /** Whether it is about the command line. */
  public boolean isOfFlag() {
    return where.startsWith("--");
  }

  /** Whether it is about a file that is not there. */
  public boolean isOfMissingFile() {
    Matcher place = PLACE.matcher(where);
    return place.find() && Files.notExists(Path.of(where.substring(0, place.start())));
  }

  @Override
  public String toString() {
    return where + ": " + message;
  }
}
