package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.AliasResolver.RoutedName;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What keeps a policy from being more work than anybody meant. */
class PolicyCompilerTest {
  private static final DomainName NAME = DomainName.parse("www.example.");

  private final Map<DomainName, Target> routed = new HashMap<>();
  private final PolicyCompiler compiler =
      new PolicyCompiler(
          new ClientSpace(GeoDatabase.EMPTY, LatencyTable.EMPTY),
          new AliasResolver() {
            @Override
            public @Nullable RoutedName routed(DomainName name, int type) {
              Target target = routed.get(name);
              return target == null ? null : new RoutedName(name, target, 60);
            }

            @Override
            public boolean isElsewhere(DomainName name) {
              return false;
            }

            @Override
            public @Nullable RRset records(DomainName name, int type) {
              return null;
            }
          });

  private static Endpoint endpoint(int... lastOctets) {
    List<byte[]> rdata = new ArrayList<>();
    for (int octet : lastOctets) {
      rdata.add(new byte[] {(byte) 192, 0, 2, (byte) octet});
    }
    RRset records = new RRset(RRType.A, 60, rdata);
    return new Endpoint("e", List.of(new Endpoint.Member(records, HealthRegistry.NONE)));
  }

  private static Failover tenTimes(Target target) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      candidates.add(new Candidate("c" + i, target, i, true));
    }
    return new Failover(candidates);
  }

  @Test
  void aliasesThatMultiplyAreRefusedBeforeTheyFillTheMemory() {
    for (int i = 1; i < 7; i++) {
      DomainName next = DomainName.parse("r" + (i + 1) + ".example.");
      routed.put(DomainName.parse("r" + i + ".example."), tenTimes(new AliasTarget(next)));
    }
    routed.put(DomainName.parse("r7.example."), endpoint(1));
    Target first = new AliasTarget(DomainName.parse("r1.example."));
    assertThatThrownBy(() -> compiler.compile(new RoutedName(NAME, first, 60), RRType.A))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("more than 20000 branches");
  }

  @Test
  void aliasesThatComeBackAreRefusedWithTheirWay() {
    DomainName other = DomainName.parse("other.example.");
    routed.put(other, new AliasTarget(NAME));
    assertThatThrownBy(
            () -> compiler.compile(new RoutedName(NAME, new AliasTarget(other), 60), RRType.A))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("www.example. -> other.example. -> www.example.");
  }

  @Test
  void recordsThatAreThereTwiceAreKeptOnce() throws PolicyException {
    RoutedRRset rrset =
        compiler.compile(new RoutedName(NAME, endpoint(1, 2, 1), 60), RRType.A).orElseThrow();
    assertThat(rrset.leafCount()).isEqualTo(1);
    assertThat(rrset.decide(EligibilitySnapshot.ALL).recordsAt(1)).isEqualTo(2 * 16);
  }
}
