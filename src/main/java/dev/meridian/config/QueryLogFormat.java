package dev.meridian.config;

/** How a query is written on a line. */
public enum QueryLogFormat {
  /** As Amazon Route 53 does. */
  ROUTE53,
  /** A JSON object with all that is known. */
  JSON
}
