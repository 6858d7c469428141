package dev.meridian.publish;

import dev.meridian.source.Changes;

/** Where states come from. */
@FunctionalInterface
public interface StateSource {
  /**
   * Reads, checks and compiles, with a look at every file; it may take its time. Called by one
   * thread at a time.
   *
   * @throws LoadFailedException if anything is wrong: a part is never served without the whole
   */
  LoadedState load() throws LoadFailedException;

  /**
   * The same, where only some files may have changed since the load before.
   *
   * @param changes to look at
   */
  default LoadedState load(Changes changes) throws LoadFailedException {
    return load();
  }

  /** The same, where the source itself may know which files these are. */
  default LoadedState loadNoted() throws LoadFailedException {
    return load();
  }

  /**
   * The same for a set that was kept.
   *
   * @throws LoadFailedException if it can no longer be served
   */
  default LoadedState load(KeptFiles kept) throws LoadFailedException {
    throw LoadFailedException.because(
        kept.zones().toString(), "kept sets cannot be read by this source");
  }
}
