package dev.meridian.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that give way to those that answer queries: where both want the same processor, the
 * kernel gives them about a quarter of it. Linux keeps a niceness for each thread; where the call
 * is not there, they are threads like any other.
 */
public final class Background {
  /**
   * A weight of 335 beside 1024 of a thread as it comes. With 10 (110) a page took a minute on a
   * machine that was full of other work.
   */
  private static final int NICE = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private Background() {}

  /** Makes daemons of a name. */
  public static ThreadFactory threads(String name) {
    ThreadFactory factory = Thread.ofPlatform().name(name).daemon().factory();
    return work -> factory.newThread(steppingBack(work));
  }

  /** Makes daemons for event loops, numbered behind a name. */
  public static ThreadFactory loops(String name) {
    ThreadFactory factory = new DefaultThreadFactory(name, true);
    return work -> factory.newThread(steppingBack(work));
  }

  /** What a thread does, once it has stepped back. */
  private static Runnable steppingBack(Runnable work) {
    return () -> {
      stepBack();
      work.run();
    };
  }

  private static void stepBack() {
    try {
      int error = new LinuxCalls().nice(NICE);
      if (error != 0) {
        LOG.debug("A thread could not be made nicer: error {}", error);
      }
    } catch (LinkageError e) {
      LOG.debug("There is no niceness here", e);
    }
  }
}
