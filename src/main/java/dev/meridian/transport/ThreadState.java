package dev.meridian.transport;

import dev.meridian.answer.QueryContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that answers, and all that belongs to it alone. Everything here runs on it. */
class ThreadState {
  private static final Logger log = LoggerFactory.getLogger(ThreadState.class);
  private static final int MAX_MESSAGE_OCTETS = 0xFFFF;
  private static final long NANOS_BETWEEN_REPORTS = 10_000_000_000L;

  private final int index;
  private final QueryContext context;
  private final MessageHandler handler;
  private final TransportStats stats = new TransportStats();
  private long lastReport = System.nanoTime() - NANOS_BETWEEN_REPORTS;
  private long unreported;

  ThreadState(int index, QueryLoop parts) {
    this.index = index;
    this.context = parts.context();
    this.handler = parts.handler();
  }

  /** From 0 to the number of loops - 1. */
  int index() {
    return index;
  }

  QueryContext context() {
    return context;
  }

  TransportStats stats() {
    return stats;
  }

  /**
   * Answers the message of {@code length} octets that lies in the context, whose source is set. One
   * message that breaks the handler costs its own answer and nothing else.
   *
   * @return octets of the response; 0: send nothing
   */
  int answer(int length, boolean tcp) {
    context.begin(length, tcp);
    try {
      int octets = handler.handle(context);
      if (octets >= 0 && octets <= MAX_MESSAGE_OCTETS) {
        return octets;
      }
      failed("an answer of " + octets + " octets", null);
    } catch (Throwable failure) {
      failed("an exception", failure);
    }
    return 0;
  }

  private void failed(String what, @Nullable Throwable failure) {
    stats.increment(TransportCounter.HANDLER_FAILURES);
    report("a query came to " + what, failure);
  }

  /** Logs at most once in ten seconds, however often something goes wrong. */
  void report(String what, @Nullable Throwable failure) {
    long now = System.nanoTime();
    if (now - lastReport < NANOS_BETWEEN_REPORTS) {
      unreported++;
      return;
    }
    log.error("loop {}: {} ({} more since the last report)", index, what, unreported, failure);
    lastReport = now;
    unreported = 0;
  }
}
