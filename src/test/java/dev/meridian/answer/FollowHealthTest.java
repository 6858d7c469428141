package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthMonitor;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TTLs that follow health: no cache keeps an answer beyond the moment at which it could change. */
class FollowHealthTest {
  @TempDir private Path folder;
  private final HealthRegistry registry = new HealthRegistry();
  private final Answering server = new Answering(List.of());
  private final HealthMonitor monitor =
      new HealthMonitor(
          registry,
          InstantSource.fixed(Instant.EPOCH),
          () -> 0,
          HealthRules.PLAIN,
          board -> serve(board.eligibility()),
          _ -> {});

  private ServerState state = ServerState.EMPTY;

  @BeforeEach
  void load() throws IOException {
    Files.writeString(
        folder.resolve("example.com.zone"), "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1.test.\n");
    Files.writeString(
        folder.resolve("example.com.policy.yaml"),
        """
        health-checks:
          slow: { tcp: { port: 80 }, interval: 30s, failure-threshold: 3 }
          fast: { tcp: { port: 80 }, interval: 10s, failure-threshold: 2 }
        endpoints:
          a: { address: 192.0.2.1, health-check: slow }
          b: { address: 192.0.2.2, health-check: fast }
          c: { cname: cdn.example.net., health-check: site }
          free: { address: 192.0.2.9 }
        records:
          www: { ttl: { max: 300, min: 5, follow-health: true }, failover: [a, b] }
          both: { ttl: { max: 300, follow-health: true }, multivalue: [a, b] }
          short: { ttl: { max: 20, follow-health: true }, endpoint: a }
          alone: { ttl: { max: 300, follow-health: true }, endpoint: free }
          none: { ttl: { max: 300, min: 2, follow-health: true }, endpoint: a, on-all-unhealthy: nodata }
          plain: { ttl: 300, failover: [a, b] }
          alias: { alias: www }
          cname: { ttl: { max: 300, follow-health: true }, endpoint: c }
        """
            .replace(
                "health-checks:\n",
                "health-checks:\n  site: { tcp: { port: 80, address: 192.0.2.7 }, interval: 20s }\n"));
    LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, registry);
    CompiledSet set =
        SetCompiler.compile(loaded, GeoDatabase.embedded())
            .orElseThrow(() -> new AssertionError(loaded.problems().list().toString()));
    state = ServerState.of(set.zones(), EligibilitySnapshot.ALL, 1);
    monitor.define(set.checks());
  }

  private void serve(EligibilitySnapshot health) {
    state = state.with(health);
    server.publish(state);
  }

  private void fails(String endpoint) {
    for (int i = 0; i < registry.size(); i++) {
      if (registry.idOf(i).startsWith("example.com/" + endpoint + "/")) {
        monitor.observe(i, new Observation(Reason.CONNECT_REFUSED, "test", 1, Duration.ZERO));
      }
    }
  }

  /** TTL and the rest of the answer's last line. */
  private String ask(String name) {
    String line = server.dig(name + ".example.com.", "A").getLast();
    return line.substring(line.indexOf(".com. ") + 6);
  }

  @Test
  @Check("S72")
  void theTtlIsTheTimeForWhichTheAnswerIsCertain() {
    assertThat(ask("www")).isEqualTo("60 A 192.0.2.1"); // two more intervals of 30 s
    assertThat(ask("alias")).isEqualTo("60 A 192.0.2.1");
    fails("a");
    assertThat(ask("www")).isEqualTo("30 A 192.0.2.1");
    fails("a");
    assertThat(ask("www")).as("the floor").isEqualTo("5 A 192.0.2.1");
    fails("a");
    assertThat(ask("www")).as("the next one's own").isEqualTo("10 A 192.0.2.2");
    fails("b");
    fails("b");
    assertThat(ask("www")).as("nothing is healthy").isEqualTo("5 A 192.0.2.1");
  }

  @Test
  void ofSeveralTheLeastCertainCounts() {
    assertThat(ask("both")).startsWith("10 A");
    fails("b");
    assertThat(ask("both")).startsWith("1 A");
  }

  @Test
  void itIsNeverMoreThanTheRecordSays() {
    assertThat(ask("short")).isEqualTo("20 A 192.0.2.1");
    assertThat(ask("alone")).as("nothing can change it").isEqualTo("300 A 192.0.2.9");
    assertThat(ask("plain")).as("it does not follow").isEqualTo("300 A 192.0.2.1");
    assertThat(ask("cname")).isEqualTo("40 CNAME cdn.example.net.");
  }

  @Test
  @Check("S72")
  void thatNothingIsHealthyIsKeptForTheFloor() {
    fails("a");
    fails("a");
    fails("a");
    assertThat(ask("none")).startsWith("2 SOA");
  }
}
