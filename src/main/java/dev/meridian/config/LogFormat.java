package dev.meridian.config;

/** How the server's own log is written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One object a line, for programs. */
  JSON
}
