package dev.meridian.publish;

/** Where states come from. */
@FunctionalInterface
public interface StateSource {
  /**
   * Reads, checks and compiles everything anew; it may take its time. Called by one thread at a
   * time.
   *
   * @throws LoadFailedException if anything is wrong: a part is never served without the whole
   */
  LoadedState load() throws LoadFailedException;

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
