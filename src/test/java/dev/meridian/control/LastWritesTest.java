package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that hangs does not keep a server from ending. */
@Timeout(60)
class LastWritesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final LastWrites last = new LastWrites();

  @Test
  void allAreWaitedFor() {
    AtomicBoolean written = new AtomicBoolean();
    last.begin("health", () -> written.set(true));
    assertThat(last.await(LONG)).isEmpty();
    assertThat(written).isTrue();
  }

  @Test
  void whatHangsIsToldAndHoldsUpNothingElse() {
    CountDownLatch disk = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    last.begin("the newest set", () -> hang(disk));
    last.begin("health", written::countDown);
    hang(written);
    assertThat(last.await(Duration.ZERO)).contains("the newest set");
    disk.countDown();
    assertThat(last.await(LONG)).as("what has been given up is not waited for again").isEmpty();
  }

  @Test
  void partsThatDependOnEachOtherEndBesideEachOther() {
    CountDownLatch second = new CountDownLatch(1);
    last.begin("the first", () -> hang(second));
    last.begin("the second", second::countDown);
    assertThat(last.await(LONG)).isEmpty();
  }

  private static void hang(CountDownLatch disk) {
    try {
      disk.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
