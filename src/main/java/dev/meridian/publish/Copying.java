package dev.meridian.publish;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A copy of the files of a load that can still be made.
 *
 * @param look what the files looked like from outside when they were read: files that look the same
 *     say the same; empty: not known
 * @param copy reads the disk; empty if the files are others by now, or cannot be copied
 */
public record Copying(String look, Supplier<Optional<SetCopy>> copy) {
  /** Of no files. */
  public static final Copying NOTHING = new Copying("", Optional::empty);

  /** Makes the copy. */
  Optional<SetCopy> make() {
    return copy.get();
  }
}
