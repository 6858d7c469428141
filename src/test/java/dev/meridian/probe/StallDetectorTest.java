package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallDetectorTest {
  private static final long SECOND = 1_000_000_000;

  private final StallDetector stalls = new StallDetector(0);

  @Test
  void aLoopThatBeatsHasNotStalled() {
    for (long now = 0; now <= 10 * SECOND; now += StallDetector.BEAT_NANOS) {
      stalls.beat(now);
    }

    assertThat(stalls.stalledSince(0, 10 * SECOND)).isFalse();
  }

  @Test
  void aBeatThatIsOverdueIsAStallEvenBeforeItComes() {
    stalls.beat(SECOND);

    assertThat(stalls.stalledSince(SECOND, 2 * SECOND)).isFalse();
    assertThat(stalls.stalledSince(SECOND, 3 * SECOND)).isTrue();
  }

  @Test
  void aRestIsNoStall() {
    stalls.beat(SECOND);
    stalls.begin(31 * SECOND);
    stalls.beat(31 * SECOND + StallDetector.BEAT_NANOS);

    assertThat(stalls.stalledSince(31 * SECOND, 32 * SECOND)).isFalse();
  }

  @Test
  void aStallSpoilsWhatBeganBeforeItsEndAndNothingLater() {
    stalls.beat(SECOND);
    stalls.beat(31 * SECOND);
    stalls.beat(31 * SECOND + StallDetector.BEAT_NANOS);

    long now = 31 * SECOND + 2 * StallDetector.BEAT_NANOS;
    assertThat(stalls.stalledSince(0, now)).isTrue();
    assertThat(stalls.stalledSince(30 * SECOND, now)).isTrue();
    assertThat(stalls.stalledSince(31 * SECOND + 1, now)).isFalse();
  }
}
