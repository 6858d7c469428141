package dev.meridian.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meridian.exchange.Route53Export;
import dev.meridian.exchange.Route53Import;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The zones of the judge imported to zone and policy files, and exported again: served in either
 * form, they answer as the listing does. {@code -Dtest.worlds=…} makes more of them.
 */
class Route53WaysTest {
  private static final long SEED = Long.getLong("test.seed", 20261128);
  private static final int WORLDS = Integer.getInteger("test.worlds", 2);
  private static final int STATES = 2;
  private static final int QUESTIONS = 60;

  @TempDir private Path folder;
  private final Tally tally = new Tally();
  private int steps;

  @Test
  void importedAndExportedZonesAnswerAsTheListingDoes() throws Exception {
    RandomWorld first = new RandomWorld(SEED);
    try (ServedFolder served =
        new ServedFolder(folder, SEED, first.files(), first.places().lines())) {
      for (long seed = SEED; seed < SEED + WORLDS; seed++) {
        RandomWorld world = new RandomWorld(seed);
        world.zones().values().forEach(Route53WaysTest::evenTtls);
        GeoDatabase geo = GeoFixture.database(world.places().lines());
        Map<String, String> imported = imported(world.files());
        hear(served, world, imported, geo, seed + " imported");
        hear(served, world, exported(imported, geo), geo, seed + " exported");
      }
    }
    assertThat(tally.differences()).as("%s", tally).isEmpty();
    assertThat(tally.answers).isGreaterThan(200L * WORLDS);
  }

  @Test
  void aNameThatIsSpelledInTwoWaysIsTwoBranchesOfOnePolicy() throws IOException {
    String alias =
        """
        {"Name":"www.t.test.","Type":"A","SetIdentifier":"%s","Weight":1,"AliasTarget":
          {"HostedZoneId":"Z","DNSName":"%s","EvaluateTargetHealth":true}}
        """;
    String listing =
        """
        {"ResourceRecordSets":[
        {"Name":"t.test.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
        {"Name":"t.test.","Type":"NS","TTL":60,"ResourceRecords":[{"Value":"ns.example.net."}]},
        {"Name":"a.t.test.","Type":"A","TTL":60,"ResourceRecords":[{"Value":"192.0.2.1"}]},
        """
            + alias.formatted("one", "a.t.test.")
            + ","
            + alias.formatted("two", "a.T.TEST")
            + "]}";
    Path imported = write(imported(Map.of("t.test.route53.json", listing)));
    LoadedSet loaded = ZoneSetLoader.load(imported, LoadLimits.DEFAULT, new HealthRegistry());
    assertThat(loaded.problems().list()).isEmpty();
  }

  /** A policy has one TTL for a name and type; where record sets differ, import says so. */
  private static void evenTtls(ObjectNode zone) {
    Map<String, Long> ttls = new HashMap<>();
    for (JsonNode set : zone.path("ResourceRecordSets")) {
      RecordSet each = new RecordSet(set);
      if (!each.isAlias()) {
        String group = each.name() + " " + each.type();
        ((ObjectNode) set).put("TTL", ttls.computeIfAbsent(group, _ -> each.ttl()));
      }
    }
  }

  private Path write(Map<String, String> files) throws IOException {
    Path at = Files.createDirectories(folder.resolve("step" + steps++));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(at.resolve(file.getKey()), file.getValue());
    }
    return at;
  }

  private Map<String, String> imported(Map<String, String> files) throws IOException {
    Path at = write(files);
    List<Path> paths = files.keySet().stream().map(at::resolve).toList();
    Route53Import.Result result = Route53Import.read(paths, LoadLimits.DEFAULT);
    assertThat(result.zones()).as("%s", result.problems()).isNotEmpty();
    Map<String, String> imported = new LinkedHashMap<>();
    for (Route53Import.Files zone : result.zones()) {
      imported.put(zone.name() + ".zone", zone.zone());
      zone.policy().ifPresent(text -> imported.put(zone.name() + ".policy.yaml", text));
    }
    return imported;
  }

  private Map<String, String> exported(Map<String, String> files, GeoDatabase geo)
      throws IOException {
    Route53Export.Options options = new Route53Export.Options(DomainName.ROOT, "Z", true);
    Route53Export.Result result = Route53Export.of(write(files), LoadLimits.DEFAULT, options, geo);
    assertThat(result.files()).as("%s", result.problems()).isNotEmpty();
    Map<String, String> exported = new LinkedHashMap<>(result.files());
    exported.keySet().removeIf(name -> name.contains("change-batch"));
    return exported;
  }

  private void hear(
      ServedFolder served,
      RandomWorld world,
      Map<String, String> files,
      GeoDatabase geo,
      String where)
      throws IOException {
    ReloadResult result = served.serve(files, world.places().lines());
    List<Problem> errors = result.problems().stream().filter(Problem::isError).toList();
    assertThat(result.ok()).as("%s: %s", where, errors).isTrue();
    Checks checks = Checks.of(world.files());
    Judge judge = Judge.of(world.files(), checks);
    Networks networks = new Networks(world.places().lines());
    Random random = new Random(SEED);
    RandomQuestions questions = new RandomQuestions(random, judge, world.places());
    for (int state = 0; state < STATES; state++) {
      Map<Integer, Boolean> up = new HashMap<>();
      world
          .checks()
          .ports()
          .forEach(
              (port, id) -> {
                up.put(port, random.nextInt(3) > 0);
                checks.decide(id, up.getOrDefault(port, true));
              });
      served.override(byId(write(files), geo, up));
      Hearing hearing = new Hearing(served.wire(), judge, networks, random, where, tally);
      for (int i = 0; i < QUESTIONS && !tally.isFull(); i++) {
        hearing.hear(questions.next());
      }
    }
  }

  /** An imported check has an id of its own; the port that it probes tells which it is. */
  private static Map<String, Boolean> byId(Path at, GeoDatabase geo, Map<Integer, Boolean> up) {
    LoadedSet loaded = ZoneSetLoader.load(at, LoadLimits.DEFAULT, new HealthRegistry());
    CompiledSet set = SetCompiler.compile(loaded, geo).orElseThrow();
    Map<String, Boolean> byId = new LinkedHashMap<>();
    for (HealthCheck check : set.checks()) {
      boolean decided = !(check.kind() instanceof CheckKind.Calculated);
      if (decided && up.containsKey(check.kind().port())) {
        byId.put(check.id(), up.getOrDefault(check.kind().port(), true));
      }
    }
    return byId;
  }
}
