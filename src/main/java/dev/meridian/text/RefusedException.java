package dev.meridian.text;

import java.util.function.Supplier;

/**
 * What somebody asked for is not done, for a reason that is theirs to mend: it cannot be read, or
 * it does not go with what there is. The message is a sentence for them. Nothing has changed.
 *
 * <p>Thrown by what reads and judges a request only, so that a fault of the program, whatever
 * exception it makes, is never told to somebody as a mistake of theirs.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }

  public RefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Reads a part of a request.
   *
   * @param parser throws {@link IllegalArgumentException} with a sentence for what it cannot read,
   *     and does nothing but read
   * @throws RefusedException with that sentence
   */
  public static <T> T reading(Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      throw new RefusedException(String.valueOf(e.getMessage()), e);
    }
  }
}
