package dev.meridian.config;

import java.util.Arrays;
import java.util.Comparator;

/** Guesses which setting a mistyped one was meant to be. */
final class NearMiss {
  /** More edits than this, and the guess would confuse rather than help. */
  private static final int MAX_EDITS = 3;

  private NearMiss() {}

  /** {@code "; did you mean 'listen'?"}, or empty if nothing is near. */
  static String hint(String mistyped) {
    return Arrays.stream(ConfigKey.values())
        .map(ConfigKey::key)
        .filter(key -> edits(mistyped, key) <= Math.min(MAX_EDITS, key.length() / 2))
        .min(Comparator.comparingInt(key -> edits(mistyped, key)))
        .map(key -> "; did you mean '" + key + "'?")
        .orElse("");
  }

  /** Levenshtein distance: insertions, deletions and replacements that turn one into the other. */
  static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
