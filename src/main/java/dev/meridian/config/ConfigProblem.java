package dev.meridian.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param where {@code file:line:column} or the flag, such as {@code --listen}
 * @param message what is wrong and what to do
 */
public record ConfigProblem(String where, String message) {
  @Override
  public String toString() {
    return where + ": " + message;
  }
}
