package dev.meridian.transport;

/** Makes what each thread answers with, before any socket is opened. */
@FunctionalInterface
public interface LoopFactory {
  /**
   * Makes the parts of one thread.
   *
   * @param loop from 0 to {@link TransportSettings#loops()} - 1
   * @param traffic what the thread will answer; for each loop there is one that answers both, or
   *     one for UDP and one for TCP
   */
  QueryLoop create(int loop, Traffic traffic);
}
