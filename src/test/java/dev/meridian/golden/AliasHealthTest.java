package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.ServerState;
import dev.meridian.geo.Coordinates;
import dev.meridian.geo.LatencyTable;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.AliasResolver;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.ClientSpace;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Latency;
import dev.meridian.policy.PolicyCompiler;
import dev.meridian.policy.PolicyException;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Weighted;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.Zones;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Branches that do not evaluate their target's health, and branches with a health check of their
 * own: Route 53 has them, the policy file does not, so the policies are made by hand. The tree is
 * that of Route 53's guide: latency aliases over weighted leaves, the client nearest to the east.
 */
class AliasHealthTest {
  private static final int EAST_BRANCH = 100;
  private static final int WEST_BRANCH = 101;
  private static final int E1 = 1;
  private static final int E2 = 2;
  private static final int W1 = 11;
  private static final int W2 = 12;
  private static final String EAST_1 = "192.0.2.1";
  private static final String EAST_2 = "192.0.2.2";
  private static final String WEST_1 = "192.0.2.11";

  private static final DomainName EAST = DomainName.parse("east.t.test.");
  private static final DomainName WEST = DomainName.parse("west.t.test.");
  private static final DomainName WWW = DomainName.parse("www.t.test.");

  private static final Map<DomainName, RoutingPolicy> TARGETS =
      Map.of(EAST, leaves(E1, E2), WEST, leaves(W1, W2));

  @Test
  void anEvaluatedBranchWithNothingHealthyIsLeft() {
    assertThat(answers(latency(true), E1, E2, W2)).containsExactly(WEST_1);
  }

  @Test
  void aBranchThatIsNotEvaluatedIsNeverLeft() {
    assertThat(answers(latency(false), E1, E2)).containsExactly(EAST_1, EAST_2);
  }

  @Test
  void withinABranchThatIsNotEvaluatedTheHealthyAreStillPreferred() {
    assertThat(answers(latency(false), E1)).containsExactly(EAST_2);
  }

  @Test
  void aBranchWhoseOwnCheckFailsIsLeftHoweverHealthyItsTargetIs() {
    assertThat(answers(latency(true), EAST_BRANCH, W2)).containsExactly(WEST_1);
    assertThat(answers(latency(false), EAST_BRANCH, W2)).containsExactly(WEST_1);
  }

  @Test
  void aBranchNeedsBothItsOwnCheckAndItsTarget() {
    assertThat(answers(latency(true), E1, E2, W2)).containsExactly(WEST_1);
    assertThat(answers(latency(true), EAST_BRANCH, E1, E2, W2)).containsExactly(WEST_1);
  }

  @Test
  void nothingHealthyAnywhereIsAnsweredAsWithoutHealth() {
    assertThat(answers(latency(true), E1, E2, W1, W2)).containsExactly(EAST_1, EAST_2);
  }

  @Test
  void aBranchThatIsFailedOpenOntoStillPrefersItsHealthyLeaves() {
    assertThat(answers(latency(true), EAST_BRANCH, WEST_BRANCH, E1)).containsExactly(EAST_2);
  }

  @Test
  void aPrimaryThatIsNotEvaluatedIsAlwaysAnswered() {
    Failover failover =
        new Failover(
            List.of(
                new Candidate("p", new AliasTarget(EAST), HealthRegistry.NONE, false),
                Candidate.of("s", new AliasTarget(WEST))));
    assertThat(answers(failover, E1, E2)).containsExactly(EAST_1, EAST_2);
  }

  private static Latency latency(boolean evaluate) {
    return new Latency(
        List.of(
            new Latency.Site(
                new Candidate("east", new AliasTarget(EAST), EAST_BRANCH, evaluate),
                "us-east-1",
                new Coordinates(39.0, -77.5)),
            new Latency.Site(
                new Candidate("west", new AliasTarget(WEST), WEST_BRANCH, evaluate),
                "ap-southeast-2",
                new Coordinates(-33.9, 151.2))));
  }

  private static Weighted leaves(int... checks) {
    return new Weighted(
        Arrays.stream(checks)
            .mapToObj(check -> new Weighted.Share(Candidate.of("leaf" + check, leaf(check)), 1))
            .toList());
  }

  /** An endpoint at 192.0.2.n, watched by check n. */
  private static Endpoint leaf(int check) {
    RRset records = new RRset(RRType.A, 60, List.of(new byte[] {(byte) 192, 0, 2, (byte) check}));
    return new Endpoint("leaf" + check, List.of(new Endpoint.Member(records, check)));
  }

  /** All that a client in Ottawa is answered in a hundred queries while checks are down. */
  private static Set<String> answers(RoutingPolicy policy, int... down) {
    EligibilitySnapshot health = EligibilitySnapshot.ALL;
    for (int check : down) {
      health = health.with(check, false);
    }
    InProcess server = new InProcess(state(policy, health), 53);
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      answers.addAll(InProcess.answers(server.ask("www.t.test. A +subnet=192.0.2.0/24")));
    }
    return answers;
  }

  private static ServerState state(RoutingPolicy policy, EligibilitySnapshot health) {
    ZoneBuilder zone = Answering.zone("t.test.", "@ 300 SOA ns h 1 2 3 4 60\n@ 300 NS ns.test.\n");
    PolicyCompiler compiler =
        new PolicyCompiler(
            new ClientSpace(GeoFixture.database(), LatencyTable.EMPTY), new Targets());
    try {
      AliasResolver.RoutedName name = new AliasResolver.RoutedName(WWW, policy, 60);
      zone.addRouted(WWW, compiler.compile(name, RRType.A).orElseThrow());
    } catch (PolicyException e) {
      throw new AssertionError(e);
    }
    return ServerState.of(new Zones(List.of(zone.build())), health, 1);
  }

  private static final class Targets implements AliasResolver {
    @Override
    public @Nullable RoutedName routed(DomainName name, int type) {
      RoutingPolicy policy = TARGETS.get(name);
      return policy == null ? null : new RoutedName(name, policy, 60);
    }

    @Override
    public boolean isElsewhere(DomainName name) {
      return false;
    }

    @Override
    public @Nullable RRset records(DomainName name, int type) {
      return null;
    }
  }
}
