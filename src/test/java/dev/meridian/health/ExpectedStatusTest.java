package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedStatusTest {
  @ParameterizedTest
  @CsvSource({"199, false", "200, true", "301, true", "399, true", "400, false", "503, false"})
  void theDefaultIsRoute53s(int status, boolean passes) {
    assertThat(ExpectedStatus.DEFAULT.contains(status)).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"204, 204", "2xx, 200-299", "200-299, 200-299", "401-401, 401"})
  void aRangeIsReadFromText(String text, String range) {
    assertThat(ExpectedStatus.parse(text)).hasToString(range);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ok", "20", "6xx", "2x", "099", "600", "300-200", "200-"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> ExpectedStatus.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("status code");
  }

  @Test
  void severalRangesCount() {
    ExpectedStatus expected =
        new ExpectedStatus(
            List.of(new ExpectedStatus.Range(200, 200), new ExpectedStatus.Range(401, 403)));

    assertThat(expected.contains(402)).isTrue();
    assertThat(expected.contains(201)).isFalse();
    assertThat(expected).hasToString("200, 401-403");
  }

  @Test
  void expectingNothingIsRefused() {
    assertThatThrownBy(() -> new ExpectedStatus(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
