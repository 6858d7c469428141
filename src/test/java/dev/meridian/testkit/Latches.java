package dev.meridian.testkit;

import java.util.concurrent.CountDownLatch;

/** Latches that hold up threads of a test. */
public final class Latches {
  private Latches() {}

  /** Waits until a latch opens, or the thread is interrupted. */
  public static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
