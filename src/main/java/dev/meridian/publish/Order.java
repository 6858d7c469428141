package dev.meridian.publish;

import org.jspecify.annotations.Nullable;

/**
 * What is to be loaded.
 *
 * @param kept a set to go back to; null: the files
 * @param thorough whether all files are looked at, whatever the system has noted of them
 * @param forced whether a person has decided that these files are served, whatever the gate says
 */
public record Order(@Nullable KeptSet kept, boolean thorough, boolean forced) {
  /** The files, as they are. */
  public static final Order FILES = new Order(null, true, false);

  /** The files, of which the system has noted what has changed. */
  public static final Order NOTED = new Order(null, false, false);

  /** The files, whatever they change. */
  public static final Order FORCED = new Order(null, true, true);

  public static Order of(KeptSet kept) {
    return new Order(kept, true, true);
  }

  /** Whether one load can do both. */
  public boolean goesWith(Order other) {
    return kept == null && equals(other);
  }
}
