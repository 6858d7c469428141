package dev.meridian.config;

/** What is noted of a client in logs of queries. */
public enum LoggedClient {
  /** Its /24 or /56. */
  NETWORK,
  /** Its address. */
  ADDRESS
}
