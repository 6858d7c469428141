package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.analysis.Comparison;
import dev.meridian.analysis.Revision;
import dev.meridian.analysis.SetComparison;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.Changes;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After every change, what was taken over and what was read anew is together the same as if all had
 * been read; and no more is read than has to be. It makes no difference whether a load looks at all
 * files or is told which have changed.
 */
class RepeatedLoadTest {
  private static final String SOA =
      "$TTL 60\n@ SOA ns.other. host.other. 1 2 3 4 5\n@ NS ns.other.\n";
  private static final String ENDPOINT = "endpoints: { e: { address: 192.0.2.1 } }\nrecords:\n";

  @TempDir private Path folder;
  private final HealthRegistry registry = new HealthRegistry();
  private GeoDatabase geo = GeoFixture.database();
  private final Loads looking = new Loads();
  private final Loads told = new Loads();

  /** Loads of one kind. */
  private static final class Loads {
    private final Map<String, Zone> before = new HashMap<>();
    private final Set<String> changed = new TreeSet<>();
    private @Nullable RepeatedLoad load;
    private Optional<CompiledSet> newest = Optional.empty();

    /** The zones that were compiled anew. */
    Set<String> fresh() {
      Zones zones = newest.orElseThrow().zones();
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
    looking.load = new RepeatedLoad(folder, LoadLimits.DEFAULT, registry);
    told.load = new RepeatedLoad(folder, LoadLimits.DEFAULT, registry);
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
    link("part", "part1");
    assertThat(again()).containsExactly("parts.example.");
    write("part2", "a A 192.0.2.4\n");
    link("part", "part2");
    assertThat(again()).containsExactly("parts.example.");
  }

  @Test
  void aPolicyThatComesAndGoesIsOfItsZone() throws IOException {
    write("plain.example.policy.yaml", ENDPOINT + "  www: { multivalue: [ e ] }\n");
    assertThat(again()).containsExactly("plain.example.");
    delete("plain.example.policy.yaml");
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
    delete("new.example.zone");
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
  void whatNobodyTellsOfIsNotLookedAtUntilAllIs() throws IOException {
    Files.delete(folder.resolve("led.example.zone"));
    Files.writeString(folder.resolve("r53.example.route53.json"), "{}");
    write("plain.example.zone", SOA + "a A 192.0.2.99\n");
    RepeatedLoad known = Objects.requireNonNull(told.load);
    LoadedSet set = known.load(Changes.of(told.changed), () -> geo);
    assertThat(set.problems().hasErrors()).isFalse();
    assertThat(set.zones()).extracting(LoadedZone::apex).hasToString("[plain.example.]");
    assertThat(known.load(Changes.ANY, () -> geo).problems().hasErrors()).isTrue();
    assertThat(known.load(Changes.NONE, () -> geo).problems().hasErrors()).isTrue();
  }

  @Test
  void afterAMistakeOnlyWhatWasMendedIsRead() throws IOException {
    write("plain.example.zone", SOA + "a A 192.0.2\n");
    assertThat(load().isPresent()).isFalse();
    write("plain.example.zone", SOA + "a A 192.0.2.3\n");
    assertThat(again()).containsExactly("plain.example.");
  }

  private void write(String file, String text) throws IOException {
    told.changed.add(file);
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), text);
  }

  private void delete(String file) throws IOException {
    told.changed.add(file);
    Files.deleteIfExists(folder.resolve(file));
  }

  private void link(String file, String target) throws IOException {
    delete(file);
    Files.createSymbolicLink(folder.resolve(file), Path.of(target));
  }

  /** Any file may become anything, for any number of loads; some of what comes of it is wrong. */
  @Test
  void anyEditsComeToWhatReadingAllComesTo() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int compiled = 0;
    for (int round = 0; round < 150; round++) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        edit(random);
      }
      label = "seed " + seed + ", round " + round;
      compiled += load().isPresent() ? 1 : 0;
    }
    assertThat(compiled).as(label).isGreaterThan(20);
  }

  private void edit(Random random) throws IOException {
    String name = ZONES.get(random.nextInt(ZONES.size()));
    String address = "192.0.2." + random.nextInt(3);
    switch (random.nextInt(15)) {
      case 0 -> write(name + ".zone", SOA + "$INCLUDE part\n");
      case 1 -> write(name + ".zone", SOA + "b CNAME nowhere\n" + "a A " + address + "\n");
      case 2 -> write(name + ".zone", SOA + "a A 192.0.2\n");
      case 3 -> delete(name + ".zone");
      case 4 -> delete(name + ".policy.yaml");
      case 5 -> write(name + ".policy.yaml", ENDPOINT + "  www: { alias: a.led.example. }\n");
      case 6 -> write(name + ".policy.yaml", CHECKED.replace("ADDRESS", address));
      case 7 -> write("part", "a A " + address + "\n");
      case 8 -> write("tests/x.yaml", "tests: []\n");
      case 9 -> write("overrides.yaml", "overrides: []\n");
      case 10 -> write("README", address);
      case 11 ->
          write("latency.csv", "network,region,ms\nFR,eu-west-1," + random.nextInt(3) + "\n");
      default -> write(name + ".zone", SOA + "a A " + address + "\n");
    }
    for (String zone : ZONES) { // most mistakes are mended soon, or little would compile
      boolean zoneIsThere = Files.exists(folder.resolve(zone + ".zone"));
      boolean policyIsThere = Files.exists(folder.resolve(zone + ".policy.yaml"));
      if (policyIsThere && !zoneIsThere && random.nextInt(3) > 0) {
        delete(zone + ".policy.yaml");
      }
      if (zoneIsThere
          && Files.readString(folder.resolve(zone + ".zone")).endsWith("192.0.2\n")
          && random.nextInt(3) > 0) {
        write(zone + ".zone", SOA + "a A 192.0.2.9\n");
      }
    }
  }

  private static final List<String> ZONES =
      List.of("plain.example", "parts.example", "routed.example", "led.example", "new.example");

  private static final String CHECKED =
      """
      health-checks: { up: { tcp: { port: 80 } } }
      endpoints: { e: { address: ADDRESS, health-check: up } }
      records:
        www: { multivalue: [ e ] }
      """;

  private String label = "";

  private Optional<CompiledSet> load() {
    Optional<CompiledSet> one = load(looking, Changes.ANY);
    Optional<CompiledSet> other = load(told, Changes.of(told.changed));
    told.changed.clear();
    assertThat(other.isPresent()).as(label).isEqualTo(one.isPresent());
    return other;
  }

  private Optional<CompiledSet> load(Loads loads, Changes changes) {
    RepeatedLoad known = Objects.requireNonNull(loads.load);
    LoadedSet set = known.load(changes, () -> geo);
    Optional<CompiledSet> compiled = known.compile(set, geo);
    Revision fresh = Revision.load(folder, geo, registry);
    assertThat(set.problems().list()).as(label).isEqualTo(fresh.loaded().problems().list());
    assertThat(set.overrides()).as(label).isEqualTo(fresh.loaded().overrides());
    assertThat(set.latencyTable()).as(label).isEqualTo(fresh.loaded().latencyTable());
    compiled.ifPresent(done -> assertSame(done, fresh));
    loads.newest = compiled;
    return compiled;
  }

  private void assertSame(CompiledSet done, Revision fresh) {
    Revision repeated = Revision.of(done, LoadedTests.NONE, registry);
    Comparison comparison = SetComparison.of(fresh, repeated, Map.of());
    assertThat(comparison.zones()).as(label).isEmpty();
    assertThat(comparison.names()).as(label).isEmpty();
    assertThat(done.checks()).as(label).isEqualTo(fresh.set().checks());
    Zones zones = fresh.set().zones();
    assertThat(names(done.zones())).as(label).isEqualTo(names(zones));
    assertThat(done.zones().rrsetCount()).as(label).isEqualTo(zones.rrsetCount());
    for (int i = 0; i <= zones.size(); i++) {
      assertThat(done.zones().nextRouted(i)).as(label).isEqualTo(zones.nextRouted(i));
    }
  }

  /** In the order of their numbers, and each found under its own. */
  private static List<String> names(Zones zones) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < zones.size(); i++) {
      assertThat(zones.indexOf(zones.get(i).apex())).isEqualTo(i);
      names.add(zones.get(i).apex().toString());
    }
    return names;
  }

  /** The zones that were compiled anew. */
  private Set<String> again() {
    assertThat(load()).isPresent();
    Set<String> fresh = looking.fresh();
    assertThat(told.fresh()).isEqualTo(fresh);
    return fresh;
  }
}
