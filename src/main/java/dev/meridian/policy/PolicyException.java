package dev.meridian.policy;

/** A policy that cannot be compiled; the message says why and what to do. */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** An error for people to read. */
  public PolicyException(String message) {
    super(message);
  }
}
