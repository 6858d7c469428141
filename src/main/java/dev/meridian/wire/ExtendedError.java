package dev.meridian.wire;

/** Info-codes of extended DNS errors that are sent, RFC 8914 §4. */
public enum ExtendedError {
  /** Nothing to add. */
  NONE(-1),
  /** §4.19: nobody may have that. */
  PROHIBITED(18),
  /** §4.21: the name lies in no zone that is served here. */
  NOT_AUTHORITATIVE(20),
  /** §4.22: the request is understood but this server does not do it. */
  NOT_SUPPORTED(21),
  /** §4.25: the zone is served here, but this part of it cannot be answered now. */
  INVALID_DATA(24);

  private final int infoCode;

  ExtendedError(int infoCode) {
    this.infoCode = infoCode;
  }

  /** The number on the wire; -1 for none. */
  public int infoCode() {
    return infoCode;
  }
}
