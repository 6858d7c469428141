package dev.meridian.geo;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of cities in the one form in which they are compared. */
public final class CityNames {
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern GAPS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern ENDS = Pattern.compile("^-|-$");

  private CityNames() {}

  /**
   * Letter case, accents, and what stands between words do not count: {@code sao-paulo} for {@code
   * São Paulo}, {@code frankfurt-am-main} for {@code Frankfurt_am_Main}.
   */
  public static String fold(String name) {
    String bare = MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFD)).replaceAll("");
    String joined = GAPS.matcher(bare.toLowerCase(Locale.ROOT)).replaceAll("-");
    return ENDS.matcher(joined).replaceAll("");
  }
}
