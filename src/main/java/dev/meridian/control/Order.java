package dev.meridian.control;

import org.jspecify.annotations.Nullable;

/**
 * What is to be loaded.
 *
 * @param kept a set to go back to; null: the files
 */
record Order(@Nullable KeptSet kept) {
  /** The files, as they are. */
  static final Order FILES = new Order(null);

  static Order of(KeptSet kept) {
    return new Order(kept);
  }

  /** Whether one load can do both. */
  boolean goesWith(Order other) {
    return kept == null && other.kept == null;
  }
}
