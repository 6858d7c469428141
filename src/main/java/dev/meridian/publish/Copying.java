package dev.meridian.publish;

import java.util.Optional;

/** A copy of the files of a load that can still be made. */
@FunctionalInterface
public interface Copying {
  /** Of no files. */
  Copying NOTHING = Optional::empty;

  /** Reads the disk; empty if the files are others by now, or cannot be copied. */
  Optional<SetCopy> make();
}
