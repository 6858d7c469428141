package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number below the bound is as likely as any other, however large the bound. */
class DiceTest {
  private static final int THROWS = 30_000;

  /** A product without rejection would give 3/8, 3/8 and 2/8 here. */
  @Test
  void aBoundThatDoesNotDivideTheRangeIsFairToo() {
    Dice dice = new Dice(19);
    int[] counts = new int[3];
    for (int i = 0; i < THROWS; i++) {
      counts[(int) (dice.below(3L << 61) % 3)]++;
    }
    for (int count : counts) {
      assertThat((double) count / THROWS).isCloseTo(1.0 / 3, within(0.015));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 100, 1L << 32, Long.MAX_VALUE})
  void aThrowIsBelowItsBound(long bound) {
    Dice dice = new Dice(bound);
    for (int i = 0; i < 1000; i++) {
      assertThat(dice.below(bound)).isBetween(0L, bound - 1);
    }
  }
}
