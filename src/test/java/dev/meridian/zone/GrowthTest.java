package dev.meridian.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  @Test
  void whatHasTheRoomStaysAsItIs() {
    byte[] octets = new byte[10];
    assertThat(Growth.withRoom(octets, 4, 6)).isSameAs(octets);
  }

  @Test
  void whatHasNotIsCopied() {
    assertThat(Growth.withRoom(new byte[] {1, 2}, 2, 3)).containsExactly(1, 2, 0, 0, 0);
  }

  @Test
  void growsByHalfOrAsNeeded() {
    assertThat(Growth.capacity(1000, 10)).isEqualTo(1500);
    assertThat(Growth.capacity(10, 200)).isEqualTo(210);
  }

  @Test
  void growsNoLongerThanAnArrayCanBe() {
    assertThat(Growth.capacity(1_500_000_000, 255)).isEqualTo(LONGEST_ARRAY);
    assertThat(Growth.capacity(LONGEST_ARRAY - 255, 255)).isEqualTo(LONGEST_ARRAY);
    assertThatThrownBy(() -> Growth.capacity(LONGEST_ARRAY, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("2147483640 octets are more than the 2147483639 that one array holds");
  }
}
