package dev.meridian.judge;

import java.util.ArrayList;
import java.util.List;

/** What has been compared, and what was found. */
final class Tally {
  private static final int MOST_DIFFERENCES = 20;

  private final List<String> differences = new ArrayList<>();
  long answers;
  long shares;
  long scopes;
  long close;

  void differ(String what) {
    differences.add(what);
  }

  /** Whether more would not help anybody. */
  boolean isFull() {
    return differences.size() >= MOST_DIFFERENCES;
  }

  List<String> differences() {
    return differences;
  }

  @Override
  public String toString() {
    return "%d answers, %d shares and %d scopes compared; %d questions too close to call"
        .formatted(answers, shares, scopes, close);
  }
}
