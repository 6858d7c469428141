package dev.meridian.source;

import java.util.ArrayList;
import java.util.List;

/**
 * The files that one zone was read from, and places in them packed into a {@code long}, so that a
 * million records can each remember where they were written.
 *
 * <p>A position holds, from the top: 16 bits of file number, 32 of line, 16 of column; the last
 * column that fits is 65535. Position 0 is line 0 of the first file and stands for "no place".
 */
public final class SourceFiles {
  private static final int MAX_FILES = 0xFFFF;
  private static final int MAX_COLUMN = 0xFFFF;

  private final List<String> names = new ArrayList<>(2);

  /** The number of a file, given out now if it is new. Beyond 65535 files all share the last. */
  public int indexOf(String name) {
    int known = names.lastIndexOf(name);
    if (known >= 0) {
      return known;
    }
    if (names.size() <= MAX_FILES) {
      names.add(name);
    }
    return names.size() - 1;
  }

  public static long position(int file, int line, int column) {
    return (long) file << 48 | (line & 0xFFFFFFFFL) << 16 | Math.min(column, MAX_COLUMN);
  }

  /** The line of a position, 1 being the first. */
  public static int line(long position) {
    return (int) (position >>> 16);
  }

  /** The column of a position, 1 being the first. */
  public static int column(long position) {
    return (int) (position & MAX_COLUMN);
  }

  /** The file of a position, relative to the zone folder. */
  public String file(long position) {
    return names.get((int) (position >>> 48));
  }

  /** {@code file:line}, for messages at one place that point to another. */
  public String describe(long position) {
    return file(position) + ":" + line(position);
  }

  /** An error at a position of these files. */
  public Problem error(long position, String message) {
    return problem(position, Problem.Severity.ERROR, message);
  }

  /** A warning at a position of these files. */
  public Problem warning(long position, String message) {
    return problem(position, Problem.Severity.WARNING, message);
  }

  private Problem problem(long position, Problem.Severity severity, String message) {
    int line = Math.max(1, line(position));
    int column = Math.max(1, column(position));
    return new Problem(file(position), line, column, severity, message);
  }

  /** The names in the order they were opened. */
  public List<String> names() {
    return List.copyOf(names);
  }
}
