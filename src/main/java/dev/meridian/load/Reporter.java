package dev.meridian.load;

/** Sends the problems of one zone, found at packed positions, to the collector. */
final class Reporter {
  private final SourceFiles files;
  private final Problems problems;

  Reporter(SourceFiles files, Problems problems) {
    this.files = files;
    this.problems = problems;
  }

  SourceFiles files() {
    return files;
  }

  void error(long position, String message) {
    problems.add(files.error(position, message));
  }

  void warning(long position, String message) {
    problems.add(files.warning(position, message));
  }

  /** {@code file:line} of a position. */
  String describe(long position) {
    return files.describe(position);
  }

  /** Errors so far, of the whole zone. */
  int errorCount() {
    return problems.errorCount();
  }
}
