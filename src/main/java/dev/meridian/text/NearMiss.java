package dev.meridian.text;

import java.util.Collection;

/** Guesses what somebody meant to write, when it is almost a word that is known. */
public final class NearMiss {
  private static final int MAX_LENGTH = 64;

  private NearMiss() {}

  /** {@code ; did you mean 'x'?} for the nearest known word, or nothing if none is near. */
  public static String hint(String written, Collection<String> known) {
    String best = "";
    int bestDistance = Math.min(3, 1 + (written.length() + 1) / 3);
    for (String candidate : known) {
      int distance = distance(written, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
  }

  /** Levenshtein's, case apart; words that are too long to be alike are far from all others. */
  private static int distance(String left, String right) {
    if (left.length() > MAX_LENGTH || Math.abs(left.length() - right.length()) > 2) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int same = sameLetter(left.charAt(i - 1), right.charAt(j - 1)) ? 0 : 1;
        int next = Math.min(diagonal + same, 1 + Math.min(row[j], row[j - 1]));
        diagonal = row[j];
        row[j] = next;
      }
    }
    return row[right.length()];
  }

  private static boolean sameLetter(char left, char right) {
    return Character.toLowerCase(left) == Character.toLowerCase(right);
  }
}
