package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.health.HealthOverride.Action;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthMemoryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final HealthOverride ENDLESS =
      new HealthOverride("*", Action.FREEZE, "ann", "wartung, übers Wochenende", NOW, null);
  private static final HealthOverride HOUR =
      new HealthOverride("fra-1", Action.DRAIN, "ann", "rack", NOW, NOW.plusSeconds(3600));
  private static final HealthMemory MEMORY =
      new HealthMemory(
          NOW,
          Map.of(
              "a",
              new Remembered(
                  42,
                  new Hysteresis.State(false, true, 1, 0, 0b110),
                  true,
                  1234.5,
                  true,
                  false,
                  true,
                  NOW)),
          List.of(ENDLESS, HOUR),
          Map.of("c", Duration.ofMillis(4200)));

  @Test
  void isReadAsItWasWritten() throws IOException {
    assertThat(HealthMemory.read(MEMORY.octets())).isEqualTo(MEMORY);
  }

  @Test
  void anyBeginningOfItIsRefusedAndNothingWorse() {
    byte[] octets = MEMORY.octets();
    for (int length = 0; length < octets.length; length++) {
      byte[] cut = Arrays.copyOf(octets, length);
      assertThatThrownBy(() -> HealthMemory.read(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void verdictsFromLongAgoAreForgottenAndOverridesEndWhileTheProcessIsAway() {
    assertThat(MEMORY.at(NOW.plus(Duration.ofMinutes(59)))).isEqualTo(MEMORY);
    HealthMemory late = MEMORY.at(NOW.plus(Duration.ofHours(2)));
    assertThat(late.checks()).isEmpty();
    assertThat(late.heartbeats()).isEmpty();
    assertThat(late.overrides()).containsExactly(ENDLESS);
  }

  @ParameterizedTest
  @CsvSource({
    "*,                            true",
    "example.com/fra-1/192.0.2.10, true",
    "fra-1,                        true",
    "fra-?,                        true",
    "FRA-1,                        false",
    "example.com,                  true",
    "fra-1/192.0.2.10,             true",
    "example.com/fra-*,            true",
    "192.0.2.1,                    false",
    "192.0.2.1?,                   true",
    "192*,                         true",
    "fra,                          false",
    "example.com/192.0.2.10,       false",
    "'**************************x', false",
  })
  void aSelectorMeansRunsOfWholeParts(String selector, boolean matches) {
    assertThat(HealthOverride.pattern(selector).matcher("example.com/fra-1/192.0.2.10").matches())
        .isEqualTo(matches);
  }
}
