package dev.meridian.control;

/** One process does not take another's place; the message says why. */
public final class UpgradeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UpgradeException(String message) {
    super(message);
  }

  UpgradeException(String message, Throwable cause) {
    super(message, cause);
  }
}
