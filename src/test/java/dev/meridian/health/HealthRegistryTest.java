package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthRegistryTest {
  @Test
  void anIdKeepsItsNumber() {
    HealthRegistry registry = new HealthRegistry();
    int first = registry.indexOf("a");
    int second = registry.indexOf("b");

    assertThat(registry.indexOf("a")).isEqualTo(first).isNotEqualTo(second);
    assertThat(registry.idOf(second)).isEqualTo("b");
    assertThat(registry.size()).isEqualTo(2);
  }
}
