package dev.meridian.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is wrong with a set of files, so that an operator sees all of it at once. A file
 * with more problems than the limit is cut short with a count. Owned by the thread that loads.
 */
public final class Problems {
  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final int limitPerFile;

  /** Made with the first problem: most zones have none, and there may be many zones. */
  private Map<String, List<Problem>> byFile = Map.of();

  private Map<String, Integer> droppedByFile = Map.of();
  private int errors;

  /**
   * @param limitPerFile how many problems of one file are kept; 1 or more
   */
  public Problems(int limitPerFile) {
    this.limitPerFile = limitPerFile;
  }

  /** Adds one problem. */
  public void add(Problem problem) {
    if (problem.isError()) {
      errors++;
    }
    if (byFile.isEmpty()) {
      byFile = new LinkedHashMap<>();
      droppedByFile = new LinkedHashMap<>();
    }
    List<Problem> ofFile = byFile.computeIfAbsent(problem.file(), file -> new ArrayList<>());
    if (ofFile.size() < limitPerFile) {
      ofFile.add(problem);
    } else {
      makeRoom(ofFile, problem);
      droppedByFile.merge(problem.file(), 1, Integer::sum);
    }
  }

  /** An error is worth more than a warning: it takes the place of the last one. */
  private static void makeRoom(List<Problem> ofFile, Problem problem) {
    for (int i = ofFile.size() - 1; problem.isError() && i >= 0; i--) {
      if (!ofFile.get(i).isError()) {
        ofFile.set(i, problem);
        return;
      }
    }
  }

  /** Adds all that another collector holds or has cut off. */
  public void addAll(Problems others) {
    if (others.byFile.isEmpty()) {
      return;
    }
    int total = errors + others.errors;
    others.byFile.values().forEach(ofFile -> ofFile.forEach(this::add));
    others.droppedByFile.forEach((file, n) -> droppedByFile.merge(file, n, Integer::sum));
    errors = total;
  }

  /** Whether nothing was added. */
  public boolean isEmpty() {
    return byFile.isEmpty();
  }

  /** How many errors were added, those cut from the list included. */
  public int errorCount() {
    return errors;
  }

  /** Whether anything at all is wrong enough to refuse the files. */
  public boolean hasErrors() {
    return errors > 0;
  }

  /** The problems, file by file in the order first met, each file's by line and column. */
  public List<Problem> list() {
    List<Problem> all = new ArrayList<>();
    byFile.forEach(
        (file, ofFile) -> {
          List<Problem> sorted = new ArrayList<>(ofFile);
          sorted.sort(BY_PLACE);
          all.addAll(sorted);
          int dropped = droppedByFile.getOrDefault(file, 0);
          if (dropped > 0) {
            Problem last = sorted.getLast();
            Problem.Severity severity =
                sorted.stream().anyMatch(Problem::isError)
                    ? Problem.Severity.ERROR
                    : Problem.Severity.WARNING;
            all.add(
                new Problem(
                    file, last.line(), last.column(), severity, "… and " + dropped + " more"));
          }
        });
    return all;
  }
}
