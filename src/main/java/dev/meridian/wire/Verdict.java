package dev.meridian.wire;

/** What {@link QueryReader} makes of a message. */
public enum Verdict {
  /** A question that can be answered. */
  OK,
  /** No question, but a cookie to be answered (RFC 7873 §5.4). */
  COOKIE_ONLY,
  /** Not a query at all, or too short to be answered: silence. */
  DROP,
  /** Malformed: the header alone goes back, with FORMERR. */
  FORMERR,
  /** Signed with a key, and there are none here (RFC 8945 §5.2.1). */
  NOTAUTH,
  /** An opcode other than QUERY: the header alone goes back, with NOTIMP. */
  NOTIMP,
  /** An EDNS version above 0 (RFC 6891 §6.1.3). */
  BADVERS
}
