package dev.meridian.transport;

/** Makes what each event loop answers with, before any socket is opened. */
@FunctionalInterface
public interface LoopFactory {
  /**
   * Makes the parts of one loop.
   *
   * @param loop from 0 to {@link TransportSettings#loops()} - 1, each asked for once
   */
  QueryLoop create(int loop);
}
