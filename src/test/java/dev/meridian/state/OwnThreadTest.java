package dev.meridian.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Latches;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OwnThreadTest {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final AtomicBoolean late = new AtomicBoolean();

  @Test
  void whatWasGivenIsFinishedBeforeTheEnd() {
    AtomicBoolean done = new AtomicBoolean();
    thread.execute(() -> done.set(true));

    OwnThread.end(thread, Duration.ofSeconds(20), () -> late.set(true));

    assertThat(done).isTrue();
    assertThat(late).isFalse();
    assertThat(thread.isTerminated()).isTrue();
  }

  @Test
  void workThatTakesTooLongIsNotWaitedFor() {
    CountDownLatch hangs = new CountDownLatch(1);
    thread.execute(() -> Latches.await(hangs));

    OwnThread.end(thread, Duration.ofMillis(1), () -> late.set(true));

    assertThat(late).isTrue();
    assertThat(thread.isShutdown()).isTrue();
    hangs.countDown();
  }
}
