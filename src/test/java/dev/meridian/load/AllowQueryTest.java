package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zones;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zones that not everybody may ask, beside others. */
class AllowQueryTest {
  private static final String INNER =
      """
      allow-query: [10.0.0.0/8, "2001:db8::/32"]
      endpoints: { e: { address: 192.0.2.1 } }
      records: { www: { multivalue: [e] } }
      """;

  @TempDir private Path folder;

  private ZoneFolder zones(String outerPolicy) {
    return new ZoneFolder(folder)
        .write("inner.test.zone", ZoneFolder.PLAIN_ZONE)
        .write("inner.test.policy.yaml", INNER)
        .write("outer.test.zone", ZoneFolder.PLAIN_ZONE)
        .write("outer.test.policy.yaml", outerPolicy);
  }

  private static List<String> compile(ZoneFolder zones) {
    LoadedSet set = zones.load();
    SetCompiler.compile(set, GeoFixture.database());
    return set.problems().list().stream().map(Problem::toString).toList();
  }

  @Test
  void anAliasMayNotTellStrangersWhatAnotherZoneKeepsFromThem() {
    assertThat(compile(zones("records:\n  www: { alias: www.inner.test. }\n")))
        .containsExactly(
            "outer.test.policy.yaml:2:3: www.outer.test.: alias to www.inner.test. would tell"
                + " 0.0.0.0/5 what the zone inner.test. keeps from it; give this zone an"
                + " allow-query within that one's, or lead there by a cname");
  }

  @Test
  void norToTheClientsThatAPolicyWouldPickByTheSubnetTheyClaim() {
    String policy =
        """
        endpoints: { e: { address: 192.0.2.9 } }
        records:
          www: { cidr: { 10.0.0.0/8: { alias: host.inner.test. }, default: e } }
        """;
    assertThat(compile(zones(policy))).singleElement().asString().contains("would tell");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, true",
    "'10.1.0.0/16, 10.2.0.0/16, 2001:db8:1::/48', true",
    "'10.0.0.0/7', false",
    "'10.0.0.0/8, 192.0.2.1', false",
    "'2001:db8::/31', false",
  })
  void butThoseWhoMayAskThereMayBeToldHere(String allowed, boolean good) {
    String policy = "allow-query: [" + allowed + "]\nrecords:\n  www: { alias: www.inner.test. }\n";
    assertThat(compile(zones(policy)).isEmpty()).isEqualTo(good);
  }

  /** Whether zones are read whole, or patched from one octet on. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1})
  void whoMayAskChangesWithTheFile(int keptTextOctets) {
    ZoneFolder zones = zones("allow-query: 192.0.2.0/24\n");
    LoadLimits limits = new LoadLimits(1 << 20, 1 << 20, 1000, 10, keptTextOctets);
    RepeatedLoad load = new RepeatedLoad(folder, limits, zones.registry());
    assertThat(mayAsk(load, "192.0.2.7")).isTrue();
    assertThat(mayAsk(load, "198.51.100.7")).isFalse();

    zones.write("outer.test.policy.yaml", "allow-query: [198.51.100.0/24]\n");
    assertThat(mayAsk(load, "192.0.2.7")).isFalse();
    assertThat(mayAsk(load, "198.51.100.7")).isTrue();

    zones.write("outer.test.zone", ZoneFolder.PLAIN_ZONE + "more A 192.0.2.2\n");
    assertThat(mayAsk(load, "192.0.2.7")).isFalse();
    assertThat(mayAsk(load, "198.51.100.7")).isTrue();
  }

  private static boolean mayAsk(RepeatedLoad load, String client) {
    LoadedSet set = load.load(GeoFixture::database);
    Zones zones = load.compile(set, GeoFixture.database()).orElseThrow().zones();
    ClientAddress address = new ClientAddress();
    address.set(Prefix.parse(client));
    return zones.get(zones.indexOf(DomainName.parse("outer.test."))).allows(address);
  }

  /** The zone that leads into another is looked at again when only the other changes. */
  @Test
  void aZoneThatShutsItselfFindsTheAliasesThatLeadIntoIt() {
    ZoneFolder zones = zones("records:\n  www: { alias: www.inner.test. }\n");
    zones.write("inner.test.policy.yaml", INNER.replaceFirst("allow-query.*\n", ""));
    RepeatedLoad load = new RepeatedLoad(folder, LoadLimits.DEFAULT, zones.registry());
    assertThat(mayAsk(load, "192.0.2.7")).isTrue();

    zones.write("inner.test.policy.yaml", INNER);
    LoadedSet set = load.load(GeoFixture::database);
    assertThat(load.compile(set, GeoFixture.database())).isEmpty();
    assertThat(set.problems().list()).singleElement().asString().contains("outer.test.policy.yaml");
  }
}
