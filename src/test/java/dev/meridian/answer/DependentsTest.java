package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.source.LoadLimits;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check that changes costs what depends on it: nothing else is decided anew. */
class DependentsTest {
  private static final String ZONE = "$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns.other.test.\n";

  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        a: { address: 192.0.2.1, health-check: hc }
        b: { address: 192.0.2.2, health-check: hc }
        c: { address: 192.0.2.3 }
      records:
        one: { failover: [a, c] }
        two: { failover: [a, b] }
        none: { failover: [c] }
      """;

  @TempDir Path folder;
  private final HealthRegistry checks = new HealthRegistry();
  private Zones zones = Zones.EMPTY;

  @BeforeEach
  void serveZonesWithPoliciesBesideOthersWithout() throws IOException {
    for (String zone : new String[] {"a.test", "b.test", "c.test", "d.test", "e.test"}) {
      Files.writeString(folder.resolve(zone + ".zone"), ZONE);
    }
    for (String zone : new String[] {"b.test", "d.test"}) {
      Files.writeString(folder.resolve(zone + ".policy.yaml"), POLICY);
    }
    zones =
        SetCompiler.compile(
                ZoneSetLoader.load(folder, LoadLimits.DEFAULT, checks), GeoDatabase.embedded())
            .orElseThrow()
            .zones();
  }

  @Test
  void everyRRsetIsFoundByEachOfItsChecksAndNoOther() {
    Dependents dependents = new Dependents(zones);
    for (int check = 0; check < checks.size() + 3; check++) {
      BitSet one = new BitSet();
      one.set(check);
      BitSet found = dependents.of(one);
      for (int zone = 0; zone < zones.size(); zone++) {
        for (int i = 0; i < zones.get(zone).routedCount(); i++) {
          RoutedRRset rrset = zones.get(zone).routed(i);
          int number = dependents.firstOf(zone) + i;
          assertThat(dependents.zone(number)).isEqualTo(zone);
          assertThat(found.get(number))
              .as("check %d and %s", check, rrset.owner())
              .isEqualTo(rrset.checks().get(check));
        }
      }
    }
    assertThat(dependents.all(_ -> true).cardinality()).isEqualTo(6);
  }

  @Test
  void onlyWhatDependsOnACheckIsDecidedAnew() {
    ServerState before = ServerState.of(zones, EligibilitySnapshot.ALL, 1);
    int check = checks.indexOf("d.test/b/192.0.2.2");
    ServerState after = before.with(EligibilitySnapshot.ALL.with(check, false));
    int redone = 0;
    for (int zone = 0; zone < zones.size(); zone++) {
      for (int i = 0; i < zones.get(zone).routedCount(); i++) {
        if (after.decisions(zone, i) != before.decisions(zone, i)) {
          redone++;
          assertThat(zones.get(zone).routed(i).owner()).hasToString("two.d.test.");
        }
      }
    }
    assertThat(redone).isEqualTo(1);
  }
}
