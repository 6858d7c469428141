package dev.meridian.transport;

import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.TimeUnit;

/** Event loops that sleep as long as there is nothing to do. */
public final class QuietLoops {
  private QuietLoops() {}

  /**
   * Has loops wait for events alone: those of Netty come round once a second as long as nothing at
   * all is scheduled. Starts their threads.
   */
  public static void keepAsleep(EventExecutorGroup loops) {
    loops.forEach(loop -> loop.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.DAYS));
  }
}
