package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.analysis.Comparison;
import dev.meridian.analysis.Revision;
import dev.meridian.analysis.SetComparison;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After every change, what was taken over and what was read anew is together the same as if all had
 * been read; and no more is read than has to be.
 */
class RepeatedLoadTest {
  private static final String SOA =
      "$TTL 60\n@ SOA ns.other. host.other. 1 2 3 4 5\n@ NS ns.other.\n";
  private static final String ENDPOINT = "endpoints: { e: { address: 192.0.2.1 } }\nrecords:\n";

  @TempDir private Path folder;
  private final HealthRegistry registry = new HealthRegistry();
  private final Map<String, Zone> before = new HashMap<>();
  private GeoDatabase geo = GeoFixture.database();
  private @Nullable RepeatedLoad load;

  @BeforeEach
  void zones() throws IOException {
    write("plain.example.zone", SOA + "a A 192.0.2.1\n");
    write("parts.example.zone", SOA + "$INCLUDE part\n");
    write("part", "a A 192.0.2.1\n");
    write("routed.example.zone", SOA);
    write(
        "routed.example.policy.yaml", ENDPOINT + "  www: { geolocation: { FR: e, default: e } }\n");
    write("alias.example.zone", SOA);
    write("alias.example.policy.yaml", ENDPOINT + "  www: { alias: a.led.example. }\n");
    write("led.example.zone", SOA + "a A 192.0.2.7\n");
    write("afar.example.zone", SOA);
    write("afar.example.policy.yaml", ENDPOINT + "  www: { alias: a.new.example. }\n");
    write("r53.example.route53.json", ROUTE53);
    load = new RepeatedLoad(folder, LoadLimits.DEFAULT, registry);
    again();
  }

  private static final String ROUTE53 =
      """
      {"ResourceRecordSets": [
        {"Name": "r53.example.", "Type": "SOA", "TTL": 900,
         "ResourceRecords": [{"Value": "ns.other. host.other. 1 2 3 4 5"}]},
        {"Name": "r53.example.", "Type": "NS", "TTL": 900, "ResourceRecords": [{"Value": "ns.other."}]},
        {"Name": "a.r53.example.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
      ]}
      """;

  @Test
  void nothingIsReadWhenNothingChanges() throws IOException {
    assertThat(again()).isEmpty();
  }

  @Test
  void onlyTheZoneOfAFileThatChangesIsRead() throws IOException {
    write("plain.example.zone", SOA + "a A 192.0.2.99\n");
    assertThat(again()).containsExactly("plain.example.");
  }

  @Test
  void anEditThatLeavesSizeAndTimeAsTheyWereIsSeen() throws IOException {
    Path file = folder.resolve("plain.example.zone");
    FileTime time = Files.getLastModifiedTime(file);
    write("plain.example.zone", SOA + "a A 192.0.2.9\n");
    Files.setLastModifiedTime(file, time);
    assertThat(again()).containsExactly("plain.example.");
  }

  @Test
  void aFileThatIsWrittenAgainWithTheSameContentChangesNothing() throws IOException {
    write("plain.example.zone", SOA + "a A 192.0.2.1\n");
    Files.setLastModifiedTime(
        folder.resolve("part"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(again()).isEmpty();
  }

  @Test
  void anIncludedFileIsOfItsZone() throws IOException {
    write("part", "a A 192.0.2.2\n");
    assertThat(again()).containsExactly("parts.example.");
  }

  @Test
  void aLinkThatLeadsElsewhereIsAChange() throws IOException {
    write("part1", "a A 192.0.2.3\n");
    Files.delete(folder.resolve("part"));
    Files.createSymbolicLink(folder.resolve("part"), Path.of("part1"));
    assertThat(again()).containsExactly("parts.example.");
    write("part2", "a A 192.0.2.4\n");
    Files.delete(folder.resolve("part"));
    Files.createSymbolicLink(folder.resolve("part"), Path.of("part2"));
    assertThat(again()).containsExactly("parts.example.");
  }

  @Test
  void aPolicyThatComesAndGoesIsOfItsZone() throws IOException {
    write("plain.example.policy.yaml", ENDPOINT + "  www: { multivalue: [ e ] }\n");
    assertThat(again()).containsExactly("plain.example.");
    Files.delete(folder.resolve("plain.example.policy.yaml"));
    assertThat(again()).containsExactly("plain.example.");
  }

  @Test
  void whatAnAliasLeadsToIsPartOfIt() throws IOException {
    write("led.example.zone", SOA + "a A 192.0.2.8\n");
    assertThat(again()).containsExactly("alias.example.", "led.example.");
    write("alias.example.policy.yaml", ENDPOINT + "  web: { alias: a.led.example. }\n");
    assertThat(again()).containsExactly("alias.example.", "led.example.");
  }

  @Test
  void aZoneThatComesTakesTheNamesThatAliasesLeadTo() throws IOException {
    write("new.example.zone", SOA + "a A 192.0.2.5\n");
    assertThat(again()).containsExactly("afar.example.", "new.example.");
    Files.delete(folder.resolve("new.example.zone"));
    assertThat(again()).containsExactly("afar.example.");
  }

  @Test
  void anotherGeoDatabaseOrLatencyTableIsForWhatIsRouted() throws IOException {
    geo = GeoDatabase.EMPTY;
    assertThat(again())
        .containsExactly("afar.example.", "alias.example.", "led.example.", "routed.example.");
    write("latency.csv", "network,region,ms\nFR,eu-west-1,10\n");
    assertThat(again()).contains("routed.example.").doesNotContain("plain.example.");
    assertThat(again()).isEmpty();
  }

  @Test
  void filesBesideThoseOfRoute53AreTheirs() throws IOException {
    write("health-checks.route53.json", "{\"HealthChecks\": []}");
    assertThat(again()).containsExactly("r53.example.");
    write("health-checks.route53.json", "{\"HealthChecks\":  []}");
    assertThat(again()).containsExactly("r53.example.");
  }

  @Test
  void afterAMistakeOnlyWhatWasMendedIsRead() throws IOException {
    write("plain.example.zone", SOA + "a A 192.0.2\n");
    assertThat(load().isPresent()).isFalse();
    write("plain.example.zone", SOA + "a A 192.0.2.3\n");
    assertThat(again()).containsExactly("plain.example.");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private Optional<CompiledSet> load() {
    RepeatedLoad known = load;
    if (known == null) {
      throw new IllegalStateException("not begun");
    }
    LoadedSet set = known.load(() -> geo);
    Optional<CompiledSet> compiled = known.compile(set, geo);
    Revision fresh = Revision.load(folder, geo, registry);
    assertThat(set.problems().list()).isEqualTo(fresh.problems());
    compiled.ifPresent(
        done -> {
          Revision repeated = Revision.of(done, LoadedTests.NONE, registry);
          Comparison comparison = SetComparison.of(fresh, repeated, Map.of());
          assertThat(comparison.zones()).isEmpty();
          assertThat(comparison.names()).isEmpty();
          assertThat(done.checks()).isEqualTo(fresh.set().checks());
          assertThat(names(done.zones())).isEqualTo(names(fresh.set().zones()));
        });
    return compiled;
  }

  private static Set<String> names(Zones zones) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < zones.size(); i++) {
      names.add(zones.get(i).apex().toString());
    }
    return names;
  }

  /** The zones that were compiled anew. */
  private Set<String> again() throws IOException {
    Zones zones = load().orElseThrow().zones();
    Set<String> fresh = new TreeSet<>();
    for (int i = 0; i < zones.size(); i++) {
      Zone zone = zones.get(i);
      if (before.put(zone.apex().toString(), zone) != zone) {
        fresh.add(zone.apex().toString());
      }
    }
    return fresh;
  }
}
