package dev.meridian.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissTest {
  private static final List<String> KNOWN =
      List.of("failover", "geolocation", "latency", "multivalue", "weighted");

  @ParameterizedTest
  @CsvSource({
    "wieghted, weighted",
    "Failover, failover",
    "fail-over, failover",
    "latncy, latency",
  })
  void aNearMissIsRecognized(String written, String meant) {
    assertThat(NearMiss.hint(written, KNOWN)).isEqualTo("; did you mean '" + meant + "'?");
  }

  @Test
  void whatIsNotNearIsNotGuessed() {
    assertThat(NearMiss.hint("round-robin", KNOWN)).isEmpty();
    assertThat(NearMiss.hint("x".repeat(10_000), List.of("x".repeat(10_001)))).isEmpty();
    assertThat(NearMiss.hint("a", List.of("b"))).isEmpty();
  }
}
