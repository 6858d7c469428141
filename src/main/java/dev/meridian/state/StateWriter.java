package dev.meridian.state;

/** Something that writes to the state folder, which one process at a time may. */
public interface StateWriter {
  /**
   * Writes what there is to write, and from then on nothing.
   *
   * @throws IllegalStateException if that takes too long: it may go on writing
   */
  void suspend();

  /** Goes on, with what another process may have written meanwhile. */
  void resume();
}
