package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Token buckets under a clock of our own. */
class RateTableTest {
  private static final int SECOND = 1_000_000;
  private static final int TENTH = SECOND / 10;
  private static final long KEY = 0x1234_5678_9ABC_DEF0L;

  /** Ten a second, ten at once. */
  private final RateTable table = new RateTable(1 << 10, SECOND, 4 * TENTH);

  private long taken(int times, int cost, int now) {
    return IntStream.range(0, times).filter(i -> table.take(KEY, cost, now)).count();
  }

  @Test
  void aFullBucketGivesItsBurstAndTheOneThatMakesItEmpty() {
    assertThat(taken(100, TENTH, 0)).isEqualTo(11);
  }

  @Test
  void tokensComeBackWithTime() {
    taken(100, TENTH, 0);
    assertThat(taken(10, TENTH, TENTH - 1)).isZero();
    assertThat(taken(10, TENTH, TENTH)).isEqualTo(1);
    assertThat(taken(10, TENTH, 4 * TENTH)).isEqualTo(3);
    assertThat(taken(100, TENTH, 60 * SECOND)).as("no more than the burst").isEqualTo(11);
  }

  @Test
  void whatIsOwedIsPaidFirst() {
    taken(10, TENTH, 0);
    assertThat(taken(1, 4 * TENTH, 0)).isEqualTo(1);
    assertThat(taken(9, TENTH, 3 * TENTH)).isZero();
    assertThat(taken(9, TENTH, 4 * TENTH)).isEqualTo(1);
  }

  @Test
  void timeMayWrapRoundAtAnyMoment() {
    for (int start : new int[] {Integer.MAX_VALUE - 1, -1, Integer.MIN_VALUE}) {
      assertThat(taken(100, TENTH, start)).isEqualTo(11);
      assertThat(taken(100, TENTH, start + SECOND)).isEqualTo(10);
    }
  }

  @Test
  void aBucketOfLongAgoIsFullAtAnyTimeOfTheRound() {
    for (int minutes = 1; minutes < 71; minutes++) {
      taken(100, TENTH, 0);
      assertThat(taken(1, TENTH, minutes * 60 * SECOND)).as("after %d min", minutes).isEqualTo(1);
      taken(1, TENTH, -1); // back to where it began
    }
  }

  @Test
  void aFloodOfOtherKeysDoesNotSetTheLimitedFree() {
    taken(100, TENTH, 0);
    Random others = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      table.take(others.nextLong(), TENTH, i / 1000);
    }
    assertThat(taken(10, TENTH, TENTH / 2)).isZero();
  }
}
