package dev.meridian.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Replies that are good until something changes. What moves all the time, counters and latencies
 * say, is worked out again when a reply is older than ten times what it took: a tenth of one
 * processor at most goes into one question, however many ask it how often. One thread's own.
 */
final class KnownReplies {
  private static final int MAX_KNOWN = 32;
  private static final int TIMES = 10;
  private static final long MAX_NANOS = 1_000_000_000;

  private final LongSupplier nanoTime;

  KnownReplies(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private record Known(long change, long until, Reply reply) {}

  private final Map<String, Known> known =
      new LinkedHashMap<>(MAX_KNOWN, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  /**
   * A reply that is known, or worked out now.
   *
   * @param change the number of the last change; a reply of another is not good any more
   */
  Reply get(String question, long change, Supplier<Reply> work) {
    Known before = known.get(question);
    long begun = nanoTime.getAsLong();
    if (before != null && before.change() == change && before.until() - begun > 0) {
      return before.reply();
    }
    Reply reply = work.get();
    long took = nanoTime.getAsLong() - begun;
    known.put(question, new Known(change, begun + took + Math.min(MAX_NANOS, TIMES * took), reply));
    return reply;
  }
}
