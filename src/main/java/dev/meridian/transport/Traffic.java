package dev.meridian.transport;

/** What comes to a thread that answers. */
public enum Traffic {
  /** Datagrams alone. */
  UDP,
  /** Messages on TCP connections alone. */
  TCP,
  /** Both. */
  BOTH
}
