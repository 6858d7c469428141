package dev.meridian.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NameTableTest {
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  @Test
  void growsByHalfOrAsNeeded() {
    assertThat(NameTable.grown(1000, 10)).isEqualTo(1500);
    assertThat(NameTable.grown(10, 200)).isEqualTo(210);
  }

  @Test
  void growsNoLongerThanAnArrayCanBe() {
    assertThat(NameTable.grown(1_500_000_000, 255)).isEqualTo(LONGEST_ARRAY);
    assertThat(NameTable.grown(LONGEST_ARRAY - 255, 255)).isEqualTo(LONGEST_ARRAY);
    assertThatThrownBy(() -> NameTable.grown(LONGEST_ARRAY, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("names of more than");
  }
}
