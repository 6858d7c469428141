package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.health.HealthCheck.Settings;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckOrderTest {
  @Test
  void eachStandsBehindThoseItIsCalculatedFrom() {
    CheckOrder order =
        CheckOrder.of(List.of(all("top", "middle", "b"), all("middle", "a"), tcp("b"), tcp("a")));

    assertThat(order.checks())
        .extracting(HealthCheck::id)
        .containsExactly("b", "a", "middle", "top");
  }

  @Test
  void aCircleIsRefusedWithOneThatIsPartOfIt() {
    assertThatThrownBy(() -> CheckOrder.of(List.of(tcp("a"), all("x", "y", "a"), all("y", "x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "health check 'x' is calculated from itself, by way of others; break the circle");
    assertThatThrownBy(() -> CheckOrder.of(List.of(all("x", "x"))))
        .hasMessageContaining("'x' is calculated from itself");
  }

  @Test
  void aPartThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> CheckOrder.of(List.of(all("x", "nobody"))))
        .hasMessage("health check 'x' is calculated from 'nobody', which does not exist");
  }

  static HealthCheck tcp(String id) {
    return new HealthCheck(
        id, InetAddress.ofLiteral("127.0.0.1"), new CheckKind.Tcp(80), Settings.DEFAULT);
  }

  private static HealthCheck all(String id, String... parts) {
    return new HealthCheck(
        id, null, new CheckKind.Calculated(List.of(parts), parts.length), Settings.DEFAULT);
  }
}
