package dev.meridian.transport;

import dev.meridian.answer.QueryContext;

/**
 * Answers one DNS message. Called only on the thread that it was made for, so it needs no
 * synchronization.
 */
@FunctionalInterface
public interface MessageHandler {
  /**
   * Answers the message that the transport has put into {@code context}.
   *
   * <p>The transport survives an exception (it is counted and the client gets no answer), but one
   * is a defect of the handler.
   *
   * @return octets of the response in {@link QueryContext#response()}, up to 65535; 0: stay silent
   */
  int handle(QueryContext context);
}
