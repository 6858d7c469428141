package dev.meridian.transport;

import java.util.List;

/** Something that listens, and can have another process listen in its place. Any thread. */
public interface Passable {
  /**
   * Its listening sockets, for another process. From now on it may share them, and closing here
   * does not end them there; {@link #keep()} when it is known that it does not.
   *
   * @throws UnsupportedOperationException if they cannot be passed on
   */
  List<PassedSocket> pass();

  /** No other process has the sockets, or none that lives. */
  void keep();

  /** Takes nothing in until {@link #resume()}; what comes waits for whoever takes it in. */
  void pause();

  /** Takes in what comes again. */
  void resume();
}
