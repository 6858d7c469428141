package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.ServerState;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthMonitor;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.load.CompiledSet;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a check's own settings make of an answer before any probe has run: a new check is healthy, a
 * disabled one too, and an inverted one the opposite (Route 53 health check status).
 */
class HealthSettingsTest {
  private static final String PRIMARY = "192.0.2.1";
  private static final String SECONDARY = "192.0.2.2";

  @ParameterizedTest
  @CsvSource({
    "'',                                PRIMARY",
    "', disabled: true',                PRIMARY",
    "', disabled: true, inverted: true', SECONDARY",
    "', inverted: true',                SECONDARY",
  })
  void aCheckWithoutDataAnswersByItsSettings(String settings, String expected) {
    String policy =
        """
        health-checks: { hc: { tcp: { port: 80 }%s } }
        endpoints: { p: { address: 192.0.2.1, health-check: hc }, s: { address: 192.0.2.2 } }
        records: { f: { failover: [p, s] } }
        """
            .formatted(settings);
    InProcess server = new InProcess(state(policy), 1);
    assertThat(InProcess.answers(server.ask("f.t.test. A")))
        .containsExactly(expected.equals("PRIMARY") ? PRIMARY : SECONDARY);
  }

  private static ServerState state(String policy) {
    HealthRegistry registry = new HealthRegistry();
    CompiledSet set =
        GoldenServer.compile(
            Map.of("t.test.zone", InProcess.ZONE, "t.test.policy.yaml", policy),
            GeoDatabase.EMPTY,
            registry);
    HealthMonitor monitor =
        new HealthMonitor(
            registry, Clock.systemUTC(), System::nanoTime, HealthRules.PLAIN, _ -> {}, _ -> {});
    monitor.define(set.checks());
    return ServerState.of(set.zones(), monitor.board().eligibility(), 1);
  }
}
