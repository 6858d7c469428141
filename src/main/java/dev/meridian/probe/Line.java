package dev.meridian.probe;

/** A connection of one probe to its target. Used by the health thread only. */
interface Line {
  /** Sends all of it, in order, as soon as the target takes it; the octets are not copied. */
  void send(byte[] octets);

  /** Hangs up; nothing is heard from then on. Doing it again changes nothing. */
  void close();
}
