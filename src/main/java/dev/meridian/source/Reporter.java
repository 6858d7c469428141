package dev.meridian.source;

/** Sends the problems of one zone, found at packed positions, to the collector. */
public final class Reporter {
  private final SourceFiles files;
  private final Problems problems;

  public Reporter(SourceFiles files, Problems problems) {
    this.files = files;
    this.problems = problems;
  }

  public SourceFiles files() {
    return files;
  }

  public void error(long position, String message) {
    problems.add(files.error(position, message));
  }

  public void warning(long position, String message) {
    problems.add(files.warning(position, message));
  }

  /** {@code file:line} of a position. */
  public String describe(long position) {
    return files.describe(position);
  }

  /** Errors so far, of the whole zone. */
  public int errorCount() {
    return problems.errorCount();
  }
}
