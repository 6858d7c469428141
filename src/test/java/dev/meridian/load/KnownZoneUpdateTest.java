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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that is kept is read only where it has changed, and what comes of it is what reading all
 * of it brings: the same records, the same warnings at the same lines, the same errors.
 */
class KnownZoneUpdateTest {
  private static final LoadLimits LIMITS = new LoadLimits(1 << 20, 1 << 20, 100_000, 100, 1);
  private static final String POLICY =
      "endpoints: { e: { address: 192.0.2.1 }, f: { address: 192.0.2.2 } }\nrecords:\n";

  private final long seed = Long.getLong("test.seed", 31);
  private final Random random = new Random(seed);

  @TempDir private Path folder;
  private final HealthRegistry registry = new HealthRegistry();
  private final GeoDatabase geo = GeoFixture.database();
  private final List<String> lines = new ArrayList<>();
  private @Nullable RepeatedLoad load;
  private @Nullable Zone before;

  @BeforeEach
  void zone() throws IOException {
    lines.clear();
    lines.add("$TTL 300");
    lines.add("@ SOA ns1 host 1 2 3 4 5");
    lines.add("@ NS ns1");
    lines.add("ns1 A 192.0.2.53");
    for (int i = 0; i < 300; i++) {
      lines.add("host-" + i + " A 192.0.2." + i % 250);
    }
    load = new RepeatedLoad(folder, LIMITS, registry);
    again();
  }

  @Test
  void anEditAtEachEndAndInTheMiddleIsPatchedIn() throws IOException {
    lines.set(1, "@ SOA ns1 host 2 2 3 4 5");
    assertThat(isPatched()).isTrue();
    lines.set(150, "other A 192.0.2.9");
    assertThat(isPatched()).isTrue();
    lines.add("last.of.all A 192.0.2.9");
    assertThat(isPatched()).isTrue();
    lines.remove(lines.size() - 1);
    lines.add(60, "*.wild CNAME host-3");
    lines.add(250, "; a comment");
    assertThat(isPatched()).isTrue();
    assertThat(isPatched()).isFalse(); // the zone is the very same
  }

  @Test
  void aDelegationComesAndGoesWithItsGlue() throws IOException {
    lines.add(100, "sub NS ns.sub");
    lines.add(101, "ns.sub A 192.0.2.77");
    assertThat(isPatched()).isTrue();
    lines.subList(100, 102).clear();
    assertThat(isPatched()).isTrue();
  }

  @Test
  void whatIsWrongIsToldAsReadingAllTellsIt() throws IOException {
    lines.set(70, "host-70 A 192.0.2");
    assertThat(again()).isNull();
    lines.set(70, "host-70 A 192.0.2.1");
    assertThat(isPatched()).isTrue();
    lines.set(71, "host-71 CNAME host-1");
    lines.set(72, "host-71 A 192.0.2.1");
    assertThat(again()).isNull();
  }

  @Test
  void warningsMoveWithTheirLines() throws IOException {
    lines.add(200, "host-9 A 192.0.2.9"); // here twice
    lines.add(210, "mail MX 1 host-1.far");
    lines.add(210, "cut NS nobody");
    again();
    lines.add(20, "; a comment");
    lines.set(250, "new-here A 192.0.2.5");
    assertThat(isPatched()).isTrue();
    lines.add("nobody A 192.0.2.4");
    assertThat(isPatched()).isFalse(); // the warning of the cut ends
  }

  @Test
  void anOriginThatChangesReadsAllBelowItAnew() throws IOException {
    lines.add(150, "$ORIGIN low.example.com.");
    again();
    lines.set(150, "$ORIGIN high.example.com.");
    again();
    lines.set(10, "host-6 A 192.0.2.200");
    assertThat(isPatched()).isTrue();
    lines.set(0, "$TTL 600");
    again();
  }

  @Test
  void aPolicyIsReadAloneAndAnswersForItsNamesAnew() throws IOException {
    policy("  www: { multivalue: [ e ] }\n");
    assertThat(isPatched()).isTrue();
    policy("  www: { multivalue: [ e, f ] }\n  to: { alias: host-5 }\n");
    assertThat(isPatched()).isTrue();
    lines.set(9, "host-5 A 192.0.2.222");
    assertThat(isPatched()).isTrue();
    policy("  host-7: { multivalue: [ e ] }\n"); // is in the zone file too
    assertThat(again()).isNull();
    Files.delete(folder.resolve("example.com.policy.yaml"));
    assertThat(isPatched()).isTrue();
  }

  @Test
  void randomEditsBringWhatReadingAllBrings() throws IOException {
    int patched = 0;
    List<String> good = List.copyOf(lines);
    int steps = Integer.getInteger("test.steps", 120);
    for (int step = 0; step < steps; step++) {
      if (step % 40 == 0) {
        zone(); // or there would soon be nothing but warnings
      }
      for (int edits = random.nextInt(3); edits >= 0; edits--) {
        edit();
      }
      if (random.nextBoolean()) {
        lines.set(1, "@ SOA ns1 host " + (step + 2) + " 2 3 4 5");
      }
      Zone was = before;
      Zone is = again();
      if (is != null) {
        good = List.copyOf(lines);
      } else if (random.nextInt(4) > 0) {
        lines.clear();
        lines.addAll(good);
      }
      patched += is != null && was != null && is.sharesWith(was) ? 1 : 0;
    }
    assertThat(patched).as("seed %s", seed).isGreaterThan(steps / 6);
  }

  private void edit() {
    int at = 2 + random.nextInt(lines.size() - 2);
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(lines.remove(2 + random.nextInt(lines.size() - 2)));
      case 2 -> lines.set(at, line());
      case 3 -> lines.add(at, ";" + "x".repeat(random.nextInt(3)));
      default -> lines.add(at, line());
    }
  }

  private String line() {
    String name = name();
    return switch (random.nextInt(40)) {
      case 0 -> "$TTL " + (300 + random.nextInt(2));
      case 1 -> "$ORIGIN " + (random.nextBoolean() ? "example.com." : "o.example.com.");
      case 2 -> name + " NS " + name();
      case 3 -> name + " DNAME " + name();
      case 4, 5 -> name + " CNAME " + name();
      case 6, 7, 8 -> name + " MX 1 " + name();
      case 9, 10 -> name + " TXT ( \"a\" ; more\n \"b" + random.nextInt(9) + "\" )";
      case 11 -> "  AAAA 2001:db8::" + random.nextInt(9);
      case 12 -> "$GENERATE 1-3 gen-$ A 192.0.2.$";
      case 13 -> name + " A 1.2.3";
      case 14 -> name + " 60 A 192.0.2.1";
      case 15 -> name + " HTTPS 1 . alpn=h2";
      default -> name + " A 192.0.2." + random.nextInt(250);
    };
  }

  private String name() {
    String host = "host-" + random.nextInt(320);
    return switch (random.nextInt(8)) {
      case 0 -> "*." + host;
      case 1 -> "deep." + host;
      case 2 -> "@".repeat(random.nextInt(2)) + "x" + random.nextInt(5);
      default -> host;
    };
  }

  private void policy(String records) throws IOException {
    Files.writeString(folder.resolve("example.com.policy.yaml"), POLICY + records);
  }

  private boolean isPatched() throws IOException {
    Zone was = before;
    Zone is = again();
    assertThat(is).isNotNull();
    return is != null && was != null && is != was && is.sharesWith(was);
  }

  /** Loads again, and all of it beside; the zone, or null if it is refused. */
  private @Nullable Zone again() throws IOException {
    RepeatedLoad known = load;
    if (known == null) {
      throw new IllegalStateException("not begun");
    }
    Files.writeString(folder.resolve("example.com.zone"), String.join("\n", lines) + "\n");
    LoadedSet set = known.load(() -> geo);
    Optional<CompiledSet> compiled = known.compile(set, geo);
    LoadedSet all = ZoneSetLoader.load(folder, LIMITS, registry);
    Optional<CompiledSet> fresh = SetCompiler.compile(all, geo);
    assertThat(set.problems().list()).as("seed %s", seed).isEqualTo(all.problems().list());
    assertThat(compiled.isPresent()).isEqualTo(fresh.isPresent());
    if (compiled.isEmpty()) {
      return null;
    }
    Comparison comparison =
        SetComparison.of(revision(fresh.orElseThrow()), revision(compiled.get()), Map.of());
    assertThat(comparison.zones()).as("seed %s", seed).isEmpty();
    Zone zone = compiled.get().zones().get(0);
    Zone other = fresh.orElseThrow().zones().get(0);
    assertThat(zone.nodeCount()).isEqualTo(other.nodeCount());
    assertThat(zone.recordCount()).isEqualTo(other.recordCount());
    assertThat(comparison.compared()).isEqualTo(other.rrsetCount());
    before = zone;
    return zone;
  }

  private Revision revision(CompiledSet set) {
    return Revision.of(set, LoadedTests.NONE, registry);
  }
}
