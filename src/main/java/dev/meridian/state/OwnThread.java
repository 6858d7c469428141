package dev.meridian.state;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Has work done by the thread that it belongs to, and waits for it, but not for ever. */
public final class OwnThread {
  private static final long PATIENCE_SECONDS = 5;

  private OwnThread() {}

  /**
   * Returns when the work is done.
   *
   * @throws IllegalStateException if it is not, or not in time
   */
  public static void run(ExecutorService thread, Runnable work) {
    Object _ =
        call(
            thread,
            () -> {
              work.run();
              return true;
            });
  }

  /** As above, with a result. */
  public static <T extends @Nullable Object> T call(ExecutorService thread, Callable<T> work) {
    try {
      return thread.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the disk is slow", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    }
  }

  /**
   * Lets a thread finish what it was given, and ends it; it takes nothing new from now on.
   *
   * @param patience how long to wait
   * @param tooLong run if it is not done by then; the thread goes on unless this ends it
   */
  public static void end(ExecutorService thread, Duration patience, Runnable tooLong) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        tooLong.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
