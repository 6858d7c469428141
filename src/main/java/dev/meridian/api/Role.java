package dev.meridian.api;

import java.util.Locale;

/** What somebody may do. */
enum Role {
  /** What needs no token: files of the page, liveness, readiness, the description of the API. */
  ANYBODY,
  /** Look at everything, and ask for explanations and models. */
  VIEWER,
  /** Also change what is served: overrides, reloads. */
  OPERATOR;

  /** As the token file has it; throws {@link IllegalArgumentException} with a sentence. */
  static Role parse(String word) {
    return switch (word) {
      case "viewer" -> VIEWER;
      case "operator" -> OPERATOR;
      default ->
          throw new IllegalArgumentException("'" + word + "' is neither viewer nor operator");
    };
  }

  boolean mayDo(Role needed) {
    return compareTo(needed) >= 0;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
