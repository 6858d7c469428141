package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthRegistry;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to a file, loading it ends, soon and without an exception. The mutations are the
 * same in every run; {@code -Dtest.seed=…} makes others, {@code -Dtest.mutations=…} more.
 */
class MutatedFilesTest {
  private static final long SEED = Long.getLong("test.seed", 20261123);

  /** Of each file. */
  private static final int MUTATIONS = Integer.getInteger("test.mutations", 700);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"example.com.zone", "example.net.zone", "example.com.policy.yaml"})
  @Timeout(600)
  @Check("S34")
  void noMutationIsTooMuch(String name) throws IOException {
    Path examples = Path.of("zones");
    for (String file : new String[] {"example.com.zone", "example.com.policy.yaml"}) {
      Files.copy(examples.resolve(file), folder.resolve(file));
    }
    byte[] original = Files.readAllBytes(examples.resolve(name));
    Random random = new Random(SEED ^ name.hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      Files.write(folder.resolve(name), Mutations.of(original, random));
      load(name + ", mutation " + i + " of seed " + SEED);
    }
  }

  private void load(String label) {
    long start = System.nanoTime();
    LoadedSet set;
    try {
      set = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(label, e);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(took).as("time of %s", label).isLessThan(Duration.ofSeconds(30));
    for (Problem problem : set.problems().list()) {
      assertThat(problem.message()).as(label).isNotBlank().doesNotContain("null");
    }
  }

  /** Many small mistakes, each of which searches for what was meant. */
  @Test
  @Timeout(120)
  void manyMistakesAreNotSlow() {
    StringBuilder text = new StringBuilder("endpoints:\n");
    for (int i = 0; i < 20_000; i++) {
      text.append("  endpoint-").append(i).append(": { address: 192.0.2.1 }\n");
    }
    text.append("records:\n");
    for (int i = 0; i < 20_000; i++) {
      text.append("  r").append(i).append(": { endpoint: endpoind-").append(i).append(" }\n");
    }

    assertThat(new ZoneFolder(folder).policy(text.toString()).problems()).hasSize(101);
  }

  /** Chains that a careless reader follows by recursion. */
  @Test
  @Timeout(120)
  void longChainsEnd() {
    StringBuilder text = new StringBuilder("records:\n");
    for (int i = 0; i < 20_000; i++) {
      text.append("  r").append(i).append(": { alias: r").append(i + 1).append(" }\n");
    }
    assertThat(new ZoneFolder(folder).policy(text.toString()).problems())
        .anySatisfy(
            line -> assertThat(line).endsWith("aliases lead to aliases more than 16 times"));

    StringBuilder pools = new StringBuilder("pools:\n");
    for (int i = 0; i < 20_000; i++) {
      pools.append("  p").append(i).append(": { failover: [p").append(i + 1).append("] }\n");
    }
    assertThat(new ZoneFolder(folder).policy(pools.toString()).problems())
        .anySatisfy(line -> assertThat(line).endsWith("pools are nested more than 16 deep"));
  }

  @Test
  @Timeout(120)
  void branchesThatAddUpAreStopped() {
    StringBuilder text = new StringBuilder("endpoints:\n");
    StringBuilder pool = new StringBuilder();
    for (int i = 0; i < 9_000; i++) {
      text.append("  e").append(i).append(": { address: 192.0.2.1 }\n");
      pool.append('e').append(i).append(", ");
    }
    text.append("pools: { p: { multivalue: [").append(pool).append("] } }\nrecords:\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("  r").append(i).append(": { pool: p }\n");
    }

    assertThat(new ZoneFolder(folder).policy(text.toString()).problems())
        .anySatisfy(line -> assertThat(line).contains("have more than 1000000 branches"));
  }
}
