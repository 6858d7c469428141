package dev.meridian.geo;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Codes of the states of the US by name, for databases that give only names. */
final class UsStates {
  private static final Map<String, String> CODES = codes();

  private UsStates() {}

  /** {@code WA} for {@code Washington} in any case; the empty string if it is no state's name. */
  static String code(String name) {
    return CODES.getOrDefault(name.strip().toLowerCase(Locale.ROOT), "");
  }

  private static Map<String, String> codes() {
    String table =
        """
        AL alabama, AK alaska, AZ arizona, AR arkansas, CA california, CO colorado,
        CT connecticut, DE delaware, DC district of columbia, DC washington, d.c., FL florida,
        GA georgia, HI hawaii, ID idaho, IL illinois, IN indiana, IA iowa, KS kansas,
        KY kentucky, LA louisiana, ME maine, MD maryland, MA massachusetts, MI michigan,
        MN minnesota, MS mississippi, MO missouri, MT montana, NE nebraska, NV nevada,
        NH new hampshire, NJ new jersey, NM new mexico, NY new york, NC north carolina,
        ND north dakota, OH ohio, OK oklahoma, OR oregon, PA pennsylvania, RI rhode island,
        SC south carolina, SD south dakota, TN tennessee, TX texas, UT utah, VT vermont,
        VA virginia, WA washington, WV west virginia, WI wisconsin, WY wyoming\
        """;
    Map<String, String> codes = new HashMap<>();
    for (String state : table.replace(",\n", ", ").split(", (?=[A-Z])", -1)) {
      codes.put(state.substring(3), state.substring(0, 2));
    }
    return Map.copyOf(codes);
  }
}
