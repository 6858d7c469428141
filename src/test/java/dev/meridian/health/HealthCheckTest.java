package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.health.HealthCheck.Settings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthCheckTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void defaultsAreTenSecondsFourSecondsAndThree() {
    assertThat(Settings.DEFAULT)
        .isEqualTo(
            new Settings(Duration.ofSeconds(10), Duration.ofSeconds(4), 3, 3, null, false, false));
  }

  @Test
  void theDefaultTimeoutGivesWayToAShortInterval() {
    Settings fast = Settings.builder().interval(Duration.ofSeconds(1)).build();

    assertThat(fast.timeout()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aTimeoutLongerThanTheIntervalIsRefusedWhateverWasSetFirst() {
    Duration two = Duration.ofSeconds(2);
    Duration three = Duration.ofSeconds(3);

    assertThatThrownBy(() -> Settings.builder().timeout(three).interval(two).build())
        .hasMessage("the timeout of 3000 ms is longer than the interval of 2000 ms");
    assertThat(Settings.builder().timeout(two).interval(three).build().timeout()).isEqualTo(two);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.999S", "PT1H0.001S", "PT-5S", "PT87600000H"})
  void anIntervalIsOneSecondToOneHour(Duration interval) {
    assertThatThrownBy(() -> Settings.builder().interval(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not in 1 s to 1 h");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11})
  void aThresholdIsOneToTen(int threshold) {
    assertThatThrownBy(() -> Settings.builder().failureThreshold(threshold))
        .hasMessageContaining("failure threshold");
    assertThatThrownBy(() -> Settings.builder().successThreshold(threshold))
        .hasMessageContaining("success threshold");
  }

  @Test
  void aTargetThatTheGuardRefusesIsNoTarget() {
    HealthCheck metadata = check("metadata", "169.254.169.254", 80);

    assertThatThrownBy(() -> TargetGuard.DEFAULT.admit(metadata))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("169.254.169.254 is a link-local address");
  }

  @Test
  void anIdIsNeeded() {
    assertThatThrownBy(
            () -> new HealthCheck(" ", LOOPBACK, new CheckKind.Tcp(80), Settings.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSameDefinitionMayComeTwiceButNotAnotherOne() {
    HealthCheck one = check("a", "127.0.0.1", 80);

    assertThat(HealthCheck.distinct(List.of(one, check("a", "127.0.0.1", 80))))
        .containsExactly(one);
    assertThatThrownBy(() -> HealthCheck.distinct(List.of(one, check("a", "127.0.0.1", 81))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'");
  }

  private static HealthCheck check(String id, String address, int port) {
    return new HealthCheck(
        id, InetAddress.ofLiteral(address), new CheckKind.Tcp(port), Settings.DEFAULT);
  }
}
