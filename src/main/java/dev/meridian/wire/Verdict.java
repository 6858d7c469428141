package dev.meridian.wire;

/** What {@link QueryReader} makes of a message. */
public enum Verdict {
  /** A question that can be answered. */
  OK,
  /** Not a query at all, or too short to be answered: silence. */
  DROP,
  /** Malformed: the header alone goes back, with FORMERR. */
  FORMERR,
  /** An opcode other than QUERY: the header alone goes back, with NOTIMP. */
  NOTIMP,
  /** An EDNS version above 0 (RFC 6891 §6.1.3). */
  BADVERS
}
