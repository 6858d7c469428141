package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What each signal does, before and after the server answers. */
class SignalsTest {
  private final AtomicInteger exits = new AtomicInteger();
  private final AtomicInteger reloads = new AtomicInteger();
  private final Signals signals = new Signals(exits::incrementAndGet);

  @Test
  void whoIsStoppedWhileStartingEndsAtOnce() {
    signals.stop();

    assertThat(exits).hasValue(1);
  }

  @Test
  void aHangUpWhileStartingIsRemembered() {
    signals.hangUp();
    signals.hangUp();
    assertThat(reloads).hasValue(0);

    signals.serving(reloads::incrementAndGet);
    assertThat(reloads).hasValue(1);
    assertThat(exits).hasValue(0);
  }

  @Test
  void aHangUpWhileServingLoadsAnew() {
    signals.serving(reloads::incrementAndGet);
    assertThat(reloads).hasValue(0);

    signals.hangUp();
    signals.hangUp();
    assertThat(reloads).hasValue(2);
  }

  @Test
  void whoIsStoppedTwiceWhileServingDoesNotFinishWhatItDoes() {
    signals.serving(reloads::incrementAndGet);

    signals.stop();
    signals.awaitStop();
    assertThat(Thread.interrupted()).isFalse();

    signals.stop();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(exits).hasValue(0);
  }
}
