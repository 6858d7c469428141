package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.Hysteresis.State;
import dev.meridian.health.Observation.Outcome;
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

    assertThat(down).isEqualTo(new State(false, true, 0, 0));
    assertThat(after(down, "P").up()).isFalse();
    assertThat(after(down, "PP").up()).isTrue();
  }

  private static State after(State from, String results) {
    Hysteresis rule = new Hysteresis(3, 2);
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
