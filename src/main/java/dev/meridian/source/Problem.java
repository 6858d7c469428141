package dev.meridian.source;

/**
 * One thing that is wrong, or doubtful, in a file: where it is, what it is, and what to do.
 *
 * @param file relative to the zone folder
 * @param line 1 is the first
 * @param column 1 is the first; characters, not octets
 * @param message one sentence without a final full stop; control characters and overlong text are
 *     taken out of it, because it may quote what a stranger wrote
 */
public record Problem(String file, int line, int column, Severity severity, String message) {
  /** An error keeps a zone from being served; a warning does not. */
  public enum Severity {
    ERROR,
    WARNING
  }

  private static final int MAX_MESSAGE = 400;

  /** Makes the message fit for a terminal and a log line. */
  public Problem {
    message = printable(message);
  }

  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_MESSAGE) + 1);
    for (int i = 0; i < text.length() && i < MAX_MESSAGE; i++) {
      char c = text.charAt(i);
      clean.append(Character.isISOControl(c) ? ' ' : c);
    }
    return text.length() > MAX_MESSAGE ? clean.append('…').toString() : clean.toString();
  }

  /** Whether the zone cannot be served with it. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code file:line:column: message}, with {@code warning:} before the message of a warning. */
  @Override
  public String toString() {
    String kind = isError() ? "" : "warning: ";
    return file + ":" + line + ":" + column + ": " + kind + message;
  }
}
