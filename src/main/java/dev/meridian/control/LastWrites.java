package dev.meridian.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what writes to the state folder: each part on a thread of its own, all waited for together.
 * A disk that hangs is so waited for once, and holds up no end for ever. For one thread.
 */
final class LastWrites {
  private static final Logger LOG = LoggerFactory.getLogger(LastWrites.class);

  private final Map<String, Thread> ending = new LinkedHashMap<>();

  /**
   * Has a part end.
   *
   * @param what it writes, for the log
   */
  void begin(String what, Runnable end) {
    try {
      ending.put(what, Thread.ofPlatform().daemon().name("meridian-end").start(end));
    } catch (OutOfMemoryError noThread) {
      end.run();
    }
  }

  /**
   * Waits for all that have begun, and tells the log of those that it waits for no longer.
   *
   * @return what these write
   */
  List<String> await(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    List<String> missing = new ArrayList<>();
    ending.forEach(
        (what, thread) -> {
          if (!isOver(thread, end - System.nanoTime())) {
            missing.add(what);
          }
        });
    ending.clear();
    if (!missing.isEmpty()) {
      LOG.warn(
          "Not waiting for the disk any longer; ending without {}", String.join(", ", missing));
    }
    return missing;
  }

  private static boolean isOver(Thread thread, long nanos) {
    try {
      return thread.join(Duration.ofNanos(Math.max(nanos, 0)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
