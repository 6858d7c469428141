package dev.meridian.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One monitor, and what two others tell it. */
class VotesTest {
  private static final HealthCheck CHECK = check("a", 80);

  private final VirtualTime time = new VirtualTime();
  private final HealthRegistry registry = new HealthRegistry();
  private final HealthMonitor monitor =
      new HealthMonitor(
          registry,
          time,
          time::nanoTime,
          HealthRules.PLAIN.with(new Electorate("eu/one", 3, Quorum.parse("majority"))),
          _ -> {},
          _ -> {});

  @BeforeEach
  void define() {
    monitor.define(List.of(CHECK));
  }

  @Test
  void theMajorityDecidesAndTheReasonSaysWhoSawWhat() {
    observe(Reason.CONNECT_REFUSED);
    hear("eu/two", Outcome.PASS);
    hear("us/three", Outcome.PASS);
    assertThat(eligible()).isTrue();
    assertThat(standing())
        .isEqualTo(
            new Standing(
                true,
                true,
                Standing.Cause.VOTES,
                "2 of 3 vantage points say healthy; here: Failure: test"));

    hear("us/three", Outcome.FAIL);
    assertThat(eligible()).isFalse();
    observe(Reason.OK);
    assertThat(eligible()).isTrue();
  }

  @Test
  void oneAloneTakesNothingDown() {
    observe(Reason.CONNECT_REFUSED);
    assertThat(eligible()).isTrue();
    assertThat(standing().reason())
        .startsWith("kept, only 1 of 3 vantage points heard; 0 of 1 vantage points say healthy");
  }

  @Test
  void whoFallsSilentHasNoVoiceAfterThreeRoundsByOurClock() {
    observe(Reason.CONNECT_REFUSED);
    hear("eu/two", Outcome.FAIL);
    hear("us/three", Outcome.PASS);
    assertThat(eligible()).isFalse();
    observe(Reason.OK);
    assertThat(eligible()).isTrue();

    time.stepWallClock(Duration.ofDays(365));
    tick(Duration.ofSeconds(3));
    hear("us/three", Outcome.PASS);
    assertThat(agreed().voices()).isEqualTo(3);
    tick(Duration.ofSeconds(2));
    assertThat(agreed().voices()).as("two is silent").isEqualTo(2);
    tick(Duration.ofSeconds(4));
    assertThat(agreed().voices()).isEqualTo(1);
    observe(Reason.CONNECT_REFUSED);
    assertThat(eligible()).as("cut off from the others, nothing goes down").isTrue();
  }

  @Test
  void aVoteOnAnotherDefinitionIsNotCounted() {
    observe(Reason.OK);
    monitor.hear(new Votes("eu/two", Map.of(Votes.key(check("a", 81)), Outcome.FAIL)));
    monitor.hear(new Votes("us/three", Map.of(Votes.key(check("b", 80)), Outcome.FAIL)));
    assertThat(agreed().voices()).isEqualTo(1);
  }

  @Test
  void unknownIsAnAbstention() {
    observe(Reason.OK);
    hear("eu/two", Outcome.FAIL);
    hear("us/three", Outcome.UNKNOWN);
    assertThat(agreed()).isEqualTo(new Quorum.Verdict(true, 1, 2, 3, false));
    observe(Reason.LOCAL_TROUBLE);
    assertThat(agreed().voices()).as("nor do we know anything now").isEqualTo(1);
  }

  @Test
  void whoSeesMostFailThatOthersSeeWorkHasNoVoiceAndSaysNothing() {
    List<HealthCheck> checks = IntStream.range(0, 20).mapToObj(i -> check("c" + i, 80)).toList();
    monitor.define(checks);
    Map<Long, Outcome> works = new HashMap<>();
    checks.forEach(check -> works.put(Votes.key(check), Outcome.PASS));
    checks.forEach(check -> observe(check.id(), Reason.CONNECT_TIMEOUT));
    monitor.hear(new Votes("eu/two", works));
    tick(Duration.ofSeconds(1));

    assertThat(monitor.board().abstaining()).isTrue();
    assertThat(Votes.of("eu/one", monitor.board()).byKey().values())
        .hasSize(20)
        .containsOnly(Outcome.UNKNOWN);
    assertThat(requireNonNull(monitor.board().status("c0")).agreed().voices()).isEqualTo(1);
    checks.forEach(check -> observe(check.id(), Reason.OK));
    monitor.hear(new Votes("eu/two", works));
    tick(Duration.ofSeconds(1));
    assertThat(monitor.board().abstaining()).isFalse();
  }

  private void tick(Duration after) {
    time.advance(after);
    monitor.tick();
  }

  private void hear(String vantage, Outcome outcome) {
    monitor.hear(new Votes(vantage, Map.of(Votes.key(CHECK), outcome)));
  }

  private void observe(Reason reason) {
    observe("a", reason);
  }

  private void observe(String id, Reason reason) {
    monitor.observe(
        registry.indexOf(id), new Observation(reason, "test", time.nanoTime(), Duration.ZERO));
  }

  private Quorum.Verdict agreed() {
    return requireNonNull(monitor.board().status("a")).agreed();
  }

  private Standing standing() {
    return requireNonNull(monitor.board().status("a")).standing();
  }

  private boolean eligible() {
    return monitor.board().eligibility().isEligible(registry.indexOf("a"));
  }

  private static HealthCheck check(String id, int port) {
    return new HealthCheck(
        id,
        InetAddress.ofLiteral("127.0.0.1"),
        new CheckKind.Tcp(port),
        Settings.builder().failureThreshold(1).successThreshold(1).build());
  }
}
