package dev.meridian.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTest {
  @ParameterizedTest
  @CsvSource({"0, 0 zones", "1, 1 zone", "2, 2 zones"})
  void oneIsNoPlural(long number, String text) {
    assertThat(Count.of(number, "zone")).isEqualTo(text);
  }
}
