package dev.meridian.config;

/** What clients hear that may not ask. */
public enum DenyChoice {
  /** REFUSED, with an extended error. */
  REFUSE,
  /** Nothing. */
  DROP
}
