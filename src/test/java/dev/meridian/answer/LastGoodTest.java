package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.Answering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code last-good} knows across health and reloads, and when it knows nothing. */
class LastGoodTest {
  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        a: { address: 192.0.2.1, health-check: hc }
        b: { address: 192.0.2.2, health-check: hc }
        c: { address: 192.0.2.3, health-check: hc }
      records:
        www: { ttl: 30, failover: [a, b], on-all-unhealthy: last-good }
        other: { endpoint: c }
      """;

  @TempDir private Path folder;
  private final HealthRegistry registry = new HealthRegistry();
  private final Answering server = new Answering(List.of());
  private ServerState state = ServerState.EMPTY;
  private EligibilitySnapshot health = EligibilitySnapshot.ALL;

  @BeforeEach
  void writeZone() throws IOException {
    Files.writeString(
        folder.resolve("example.com.zone"), "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1.test.\n");
  }

  /** As the control does it: decided afresh, then told of what was served. */
  private void load(String policy) throws IOException {
    Files.writeString(folder.resolve("example.com.policy.yaml"), policy);
    LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, registry);
    CompiledSet set =
        SetCompiler.compile(loaded, GeoDatabase.embedded())
            .orElseThrow(() -> new AssertionError(loaded.problems().list().toString()));
    serve(ServerState.of(set.zones(), health, state.generation() + 1).remembering(state));
  }

  private void serve(ServerState next) {
    state = next;
    server.publish(next);
  }

  private void down(String endpoint, int digit) {
    int check = registry.indexOf("example.com/" + endpoint + "/192.0.2." + digit);
    health = health.with(check, false);
    serve(state.with(health));
  }

  private String www() {
    return server.dig("www.example.com.", "A").get(1);
  }

  private static String www(int digit) {
    return "answer: www.example.com. 30 A 192.0.2." + digit;
  }

  @Test
  void theLastThatWasHealthyIsAnsweredThroughReloads() throws IOException {
    load(POLICY);
    down("a", 1);
    down("b", 2);
    assertThat(www()).isEqualTo(www(2));
    load(POLICY + "  more: { failover: [c, a] }\n");
    assertThat(www()).isEqualTo(www(2));
    load(POLICY.replace("192.0.2.2,", "192.0.2.2, location: eu-west-1,"));
    assertThat(www()).isEqualTo(www(2));
  }

  @Test
  void aGroupOfOthersKnowsNothing() throws IOException {
    load(POLICY);
    down("a", 1);
    down("b", 2);
    down("c", 3);
    load(POLICY.replace("[a, b]", "[a, b, c]"));
    assertThat(www()).as("fails open").isEqualTo(www(1));
  }

  @Test
  void aStartKnowsNothing() throws IOException {
    load(POLICY);
    down("a", 1);
    down("b", 2);
    state = ServerState.EMPTY;
    load(POLICY);
    assertThat(www()).as("fails open").isEqualTo(www(1));
  }

  @Test
  void recordsAreThoseOfThePresent() throws IOException {
    load(POLICY);
    down("a", 1);
    down("b", 2);
    load(POLICY.replace("ttl: 30", "ttl: 20"));
    assertThat(www()).isEqualTo("answer: www.example.com. 20 A 192.0.2.2");
  }
}
