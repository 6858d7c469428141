package dev.meridian.config;

/** What the publish gate does with a set that it would not publish. */
public enum GateChoice {
  /** Nothing: it is not asked. */
  OFF,
  /** It is served, and the findings are warnings. */
  WARN,
  /** It is held back, and what was served before still is. */
  ON
}
