package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.Hysteresis.State;
import dev.meridian.health.Observation.Outcome;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HysteresisTest {
  /** P pass, F failure, U unknown; failure threshold 3, success threshold 2. */
  @ParameterizedTest
  @CsvSource({
    "'',       true,  false",
    "P,        true,  false",
    "PP,       true,  true",
    "FF,       true,  false",
    "FFF,      false, true",
    "FFPFF,    true,  false",
    "FFPFFF,   false, true",
    "FFUF,     false, true",
    "UUUUU,    true,  false",
    "FUUUUF,   true,  false",
    "FFFP,     false, true",
    "FFFPFP,   false, true",
    "FFFPP,    true,  true",
    "FFFPUP,   true,  true",
  })
  void aVerdictFlipsAfterConsecutiveContradictions(String results, boolean up, boolean known) {
    State state = after(State.INITIAL, results);

    assertThat(state.up()).isEqualTo(up);
    assertThat(state.known()).isEqualTo(known);
  }

  @Test
  void anUnknownResultChangesNothingAtAll() {
    State state = after(State.INITIAL, "PFF");

    assertThat(after(state, "U")).isEqualTo(state);
  }

  @Test
  void restartingKeepsTheVerdictAndForgetsTheCount() {
    State down = after(State.INITIAL, "FFFP").restarted();

    assertThat(down).isEqualTo(new State(false, true, 0, 0, 0));
    assertThat(after(down, "P").up()).isFalse();
    assertThat(after(down, "PP").up()).isTrue();
  }

  /** 3 of the last 5; the other thresholds as above. */
  @ParameterizedTest
  @CsvSource({
    "FPFPF,        false",
    "FFPPF,        false",
    "FFPPPF,       true",
    "FPUFUUPF,     false",
    "FFFPP,        false", // still 3 of 5
    "FFFPPP,       true",
  })
  void enoughFailuresAmongTheLastResultsTakeItDown(String results, boolean up) {
    assertThat(after(State.INITIAL, results, new Hysteresis.Ratio(3, 5)).up()).isEqualTo(up);
  }

  /** As many times two passes as there were outages of late. */
  @ParameterizedTest
  @CsvSource({
    "FFFPP,                     true",
    "FFFFFFFFFFFFFFFFFFFFPP,    true",
    "FFFPFPP,                   false",
    "FFFPFPPPP,                 true",
    "FFFPFPFPPPPP,              false",
    "FFFPFPFPPPPPP,             true",
  })
  void theMoreOutagesTheLongerItHasToPass(String results, boolean up) {
    assertThat(after(State.INITIAL, results).up()).isEqualTo(up);
  }

  @Test
  void outagesLongAgoAreForgotten() {
    State state = after(State.INITIAL, "FP".repeat(32) + "P".repeat(Hysteresis.MEMORY));

    assertThat(state.outages()).isZero();
    assertThat(after(state, "FFFPP").up()).isTrue();
  }

  /**
   * Four of ten probes lost, for an hour: how many of many hours see a target change twice at most.
   * What returns by chance after its first outage is what is left; more is not known then.
   */
  @ParameterizedTest
  @CsvSource({"3, 0.90, 0.94", "5, 0.96, 0.99", "10, 0.99, 1.00"})
  void howCalmAnHourOfHeavyLossIsFollowsFromTheSuccessThreshold(
      int successThreshold, double least, double most) {
    Random random = new Random(1);
    Hysteresis rule = new Hysteresis(3, successThreshold, null);
    int calm = 0;
    for (int hour = 0; hour < 2000; hour++) {
      State state = State.INITIAL;
      int changes = 0;
      for (int probe = 0; probe < 360; probe++) {
        State next = rule.next(state, random.nextInt(10) < 4 ? Outcome.FAIL : Outcome.PASS);
        changes += next.up() == state.up() ? 0 : 1;
        state = next;
      }
      calm += changes <= 2 ? 1 : 0;
    }
    assertThat(calm / 2000.0).isBetween(least, most);
  }

  private static State after(State from, String results) {
    return after(from, results, null);
  }

  private static State after(State from, String results, Hysteresis.@Nullable Ratio ratio) {
    Hysteresis rule = new Hysteresis(3, 2, ratio);
    State state = from;
    for (int i = 0; i < results.length(); i++) {
      Outcome outcome =
          switch (results.charAt(i)) {
            case 'P' -> Outcome.PASS;
            case 'F' -> Outcome.FAIL;
            default -> Outcome.UNKNOWN;
          };
      state = rule.next(state, outcome);
    }
    return state;
  }
}
