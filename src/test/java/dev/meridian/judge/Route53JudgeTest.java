package dev.meridian.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random hosted zones as Route 53 prints them, served and asked over the wire, against what the
 * documentation says. {@code -Dtest.worlds=250} takes three minutes for a quarter of a million
 * answers; {@code -Dtest.seed=…} makes other worlds.
 */
class Route53JudgeTest {
  private static final long SEED = Long.getLong("test.seed", 20261128);
  private static final int WORLDS = Integer.getInteger("test.worlds", 5);

  @TempDir private Path folder;

  @Test
  void everyAnswerIsOneThatRoute53WouldGive() throws Exception {
    RandomWorld first = new RandomWorld(SEED);
    try (ServedFolder served =
        new ServedFolder(folder, SEED, first.files(), first.places().lines())) {
      Trial trial = new Trial(served);
      for (long seed = SEED; seed < SEED + WORLDS && !trial.tally().isFull(); seed++) {
        trial.hear(seed);
      }
      assertThat(trial.tally().differences()).as("%s", trial.tally()).isEmpty();
      assertThat(trial.tally().answers).isGreaterThan(300L * WORLDS);
    }
  }
}
