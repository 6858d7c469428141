package dev.meridian.judge;

import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Serves one world after the other, asks, and notes what the judge would not have answered. */
final class Trial {
  private static final int STATES = 3;
  private static final int QUESTIONS = 80;

  private final ServedFolder served;
  private final Tally tally = new Tally();

  Trial(ServedFolder served) {
    this.served = served;
  }

  Tally tally() {
    return tally;
  }

  /** One world, in several states of health. */
  void hear(long seed) throws IOException {
    RandomWorld world = new RandomWorld(seed);
    ReloadResult result = served.serve(world.files(), world.places().lines());
    if (!result.ok()) {
      List<Problem> errors = result.problems().stream().filter(Problem::isError).toList();
      tally.differ("seed " + seed + " is refused: " + errors);
      return;
    }
    Networks networks = new Networks(world.places().lines());
    Checks checks = Checks.of(world.files());
    Judge judge = Judge.of(world.files(), checks);
    RandomQuestions questions = new RandomQuestions(world.random(), judge, world.places());
    for (int state = 0; state < STATES; state++) {
      decide(world, checks, state);
      Hearing hearing =
          new Hearing(served.wire(), judge, networks, world.random(), seed + "/" + state, tally);
      for (int i = 0; i < QUESTIONS && !tally.isFull(); i++) {
        hearing.hear(questions.next());
      }
    }
  }

  /** Puts every check that is probed up or down, fewer and fewer up. */
  private void decide(RandomWorld world, Checks checks, int state) throws IOException {
    Map<String, Boolean> up = new LinkedHashMap<>();
    for (String id : world.checks().probed()) {
      up.put(id, world.random().nextInt(STATES + 1) > state);
    }
    up.forEach(checks::decide);
    if (world.random().nextBoolean()) {
      served.overrideByFile(up);
    } else {
      served.override(up);
    }
  }
}
