package dev.meridian.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slips of the hand in Route 53's JSON: each is refused or warned of at its place, or the answers
 * are what the documentation says of the changed text. Nothing is dropped without a word. {@code
 * -Dtest.slips=…} makes more.
 */
class Route53SlipsTest {
  private static final long SEED = Long.getLong("test.seed", 20261128);
  private static final int SLIPS = Integer.getInteger("test.slips", 40);
  private static final int SLIPS_A_WORLD = 20;
  private static final int QUESTIONS = 25;

  @TempDir private Path folder;
  private final Tally tally = new Tally();
  private final Random random = new Random(SEED);
  private int refused;

  @Test
  void nothingIsDroppedWithoutAWord() throws Exception {
    RandomWorld first = new RandomWorld(SEED);
    try (ServedFolder served =
        new ServedFolder(folder, SEED, first.files(), first.places().lines())) {
      for (long seed = SEED; seed < SEED + SLIPS / SLIPS_A_WORLD; seed++) {
        RandomWorld world = new RandomWorld(seed);
        Map<String, String> files = files(world);
        Set<String> before = told(served.serve(files, world.places().lines()));
        for (int i = 0; i < SLIPS_A_WORLD; i++) {
          slip(served, world, files, before, seed + "/" + i);
        }
      }
    }
    assertThat(tally.differences()).as("%s, %d refused", tally, refused).isEmpty();
    assertThat(refused).isBetween(SLIPS / 4, SLIPS);
  }

  private static Map<String, String> files(RandomWorld world) {
    Map<String, Boolean> up = new LinkedHashMap<>();
    world.checks().probed().forEach(id -> up.put(id, world.random().nextInt(3) > 0));
    Map<String, String> files = new LinkedHashMap<>(world.files());
    files.put("overrides.yaml", ServedFolder.overrides(up));
    return files;
  }

  private static Set<String> told(ReloadResult result) {
    return result.problems().stream().map(Problem::message).collect(Collectors.toSet());
  }

  private void slip(
      ServedFolder served,
      RandomWorld world,
      Map<String, String> files,
      Set<String> before,
      String where)
      throws IOException {
    Map<String, String> slipped = new LinkedHashMap<>(files);
    List<String> names = new ArrayList<>(files.keySet());
    names.remove("overrides.yaml");
    String name = names.get(random.nextInt(names.size()));
    JsonNode json = Judge.read(files.getOrDefault(name, ""));
    Slip.in(json, random);
    slipped.put(name, json.toPrettyString());
    ReloadResult result = served.serve(slipped, world.places().lines());
    for (Problem problem : result.problems()) {
      assertThat(problem.toString()).doesNotContain("Exception", "null").isNotBlank();
      assertThat(problem.line()).isPositive();
    }
    Set<String> news = new HashSet<>(told(result));
    news.removeAll(before);
    if (!result.ok()) {
      refused++;
      assertThat(news).as(where).isNotEmpty();
    } else if (news.isEmpty()) {
      judge(served, world, slipped, where + " in " + name);
    }
  }

  /** Said to be in order: then it is answered as it stands. */
  private void judge(
      ServedFolder served, RandomWorld world, Map<String, String> files, String where)
      throws IOException {
    Checks checks = Checks.of(files);
    for (String line : files.getOrDefault("overrides.yaml", "").lines().skip(1).toList()) {
      String[] words = line.replaceAll("[,{}]", "").strip().split("\\s+", -1);
      checks.decide(words[2], words[4].equals("up"));
    }
    Judge judge = Judge.of(files, checks);
    Networks networks = new Networks(world.places().lines());
    RandomQuestions questions = new RandomQuestions(random, judge, world.places());
    Hearing hearing = new Hearing(served.wire(), judge, networks, random, where, tally);
    for (int i = 0; i < QUESTIONS && !tally.isFull(); i++) {
      hearing.hear(questions.next());
    }
  }
}
