package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.text.RefusedException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainQueryTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-22T14:03:20Z,      2026-11-22T14:03:20Z",
    "2026-11-22T14:03:00Z,      2026-11-22T14:03:00Z",
    "2026-11-22T14:03Z,         2026-11-22T14:03:59Z",
    "2026-11-22t14:03z,         2026-11-22T14:03:59Z",
    "2026-11-22T15:03+01:00,    2026-11-22T14:03:59Z",
    "2026-11-22T15:03:20+01:00, 2026-11-22T14:03:20Z",
  })
  void aTimeWithoutSecondsIsTheEndOfItsMinute(String text, Instant time) {
    assertThat(ExplainQuery.time(text)).isEqualTo(time);
  }

  @Test
  void whatIsNoTimeIsSaid() {
    assertThatThrownBy(() -> ExplainQuery.time("yesterday"))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("'yesterday' is not a time such as 2026-11-22T14:03Z");
  }
}
