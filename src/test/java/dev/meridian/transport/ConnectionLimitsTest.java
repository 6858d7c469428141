package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.net.Prefix;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an idle connection may stay, and what is told of it. */
@Rfc(
    number = 7828,
    sections = {"3.2.2", "3.4"})
class ConnectionLimitsTest {
  private static final Prefix CLIENT = Prefix.parse("192.0.2.1/32");

  @ParameterizedTest
  @CsvSource({
    "0, 10000",
    "75, 10000",
    "76, 9600",
    "80, 8000",
    "90, 4000",
    "97, 1200",
    "98, 1000",
    "100, 1000",
    "110, 1000"
  })
  void theIdleTimeoutFallsWithTheLastQuarterOfThePlaces(int open, long millis) {
    ConnectionLimits limits = limits(100, Duration.ofSeconds(10));
    for (int i = 0; i < open; i++) {
      limits.enter(CLIENT);
    }
    assertThat(limits.idleNanos()).isEqualTo(millis * 1_000_000);
    assertThat(limits.announcedIdleMillis()).isEqualTo(millis);
  }

  @Test
  void theIdleTimeoutRisesAgainAsConnectionsGo() {
    ConnectionLimits limits = limits(1, Duration.ofSeconds(10));
    limits.enter(CLIENT);
    assertThat(limits.announcedIdleMillis()).isEqualTo(1000);
    limits.leave(CLIENT);
    assertThat(limits.announcedIdleMillis()).isEqualTo(10_000);
  }

  @Test
  void aShortIdleTimeoutDoesNotFall() {
    ConnectionLimits limits = limits(1, Duration.ofMillis(300));
    limits.enter(CLIENT);
    assertThat(limits.announcedIdleMillis()).isEqualTo(300);
  }

  @Test
  @Check("S27")
  void clientsOfAServerThatDrainsAreToldToCloseAndMayStillAsk() {
    ConnectionLimits limits = limits(100, Duration.ofSeconds(10));
    limits.drain();
    assertThat(limits.announcedIdleMillis()).isZero();
    assertThat(limits.idleNanos()).isEqualTo(10_000_000_000L);
  }

  @Test
  void aClientWithoutConnectionsIsForgotten() {
    ConnectionLimits limits = limits(100, Duration.ofSeconds(10));
    ConnectionLimit first = limits.enter(CLIENT);
    assertThat(limits.enter(CLIENT)).isSameAs(first);
    limits.leave(CLIENT);
    limits.leave(CLIENT);
    assertThat(limits.enter(CLIENT)).isNotSameAs(first);
    assertThat(first.open()).isZero();
    assertThat(limits.all().open()).isEqualTo(1);
  }

  private static ConnectionLimits limits(int connections, Duration idle) {
    return new ConnectionLimits(
        new TcpSettings(connections, connections, idle, Duration.ofSeconds(5), 64 * 1024), 1);
  }
}
