package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of {@link Cells}, over random worlds. Replay with {@code -Dtest.seed=…}. */
class SpillTest {
  private static final long SEED = Long.getLong("test.seed", 126);
  private static final int WORLDS = 300;

  private final Random random = new Random(SEED);

  /** A world: cells at random places of a line, candidates too. */
  private final class World {
    final int candidates = 2 + random.nextInt(6);
    final int[][] positions;
    final float[][] costs;
    final double[] demand;
    final double[] capacities = new double[candidates];
    final Cells cells;
    final double largest;

    World(double spare) {
      int count = 1 + random.nextInt(200);
      positions = new int[count][];
      costs = new float[count][];
      demand = new double[count];
      for (int cell = 0; cell < count; cell++) {
        demand[cell] = random.nextInt(5) == 0 ? 0 : 0.5 + random.nextDouble();
        int at = cell;
        float[] byPosition = new float[candidates];
        for (int i = 0; i < candidates; i++) {
          byPosition[i] = random.nextInt(10_000);
        }
        positions[at] =
            IntStream.range(0, candidates)
                .boxed()
                .sorted((a, b) -> Float.compare(byPosition[a], byPosition[b]))
                .mapToInt(i -> i)
                .toArray();
        costs[at] = new float[candidates];
        for (int i = 0; i < candidates; i++) {
          costs[at][i] = byPosition[positions[at][i]];
        }
      }
      double total = Arrays.stream(demand).sum();
      for (int cell = 0; cell < count && total > 0; cell++) {
        demand[cell] /= total;
      }
      largest = Arrays.stream(demand).max().orElse(0);
      double sum = 0;
      for (int i = 0; i < candidates; i++) {
        capacities[i] = 0.05 + random.nextDouble();
        sum += capacities[i];
      }
      for (int i = 0; i < candidates; i++) {
        capacities[i] *= spare / sum;
      }
      cells = new Cells(positions, costs, demand, capacities);
    }

    boolean[] all() {
      boolean[] healthy = new boolean[candidates];
      Arrays.fill(healthy, true);
      return healthy;
    }

    boolean[] some() {
      boolean[] healthy = new boolean[candidates];
      for (int i = 0; i < candidates; i++) {
        healthy[i] = random.nextInt(4) > 0;
      }
      healthy[random.nextInt(candidates)] = true;
      return healthy;
    }

    double capacity(boolean[] healthy) {
      return IntStream.range(0, candidates)
          .filter(i -> healthy[i])
          .mapToDouble(i -> capacities[i])
          .sum();
    }
  }

  private List<World> worlds() {
    List<World> worlds = new ArrayList<>();
    for (int i = 0; i < WORLDS; i++) {
      worlds.add(new World(0.5 + 2 * random.nextDouble()));
    }
    return worlds;
  }

  @Test
  void nobodyGetsMoreThanItsCapacityWhileTheHealthyHaveRoomForAll() {
    int checked = 0;
    for (World world : worlds()) {
      for (boolean[] healthy : List.of(world.all(), world.some(), world.some())) {
        double[] loads = world.cells.loads(world.cells.plan(healthy));
        double capacity = world.capacity(healthy);
        if (capacity >= 1 + world.candidates * world.largest) {
          for (int i = 0; i < loads.length; i++) {
            assertThat(loads[i])
                .as("seed %d", SEED)
                .isLessThanOrEqualTo(world.capacities[i] + 1e-6);
          }
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(WORLDS / 3);
  }

  @Test
  void whatIsTooMuchIsSharedInProportionToCapacity() {
    for (World world : worlds()) {
      boolean[] healthy = world.some();
      double[] loads = world.cells.loads(world.cells.plan(healthy));
      double stretch = Math.max(1, 1 / world.capacity(healthy));
      for (int i = 0; i < loads.length; i++) {
        assertThat(loads[i])
            .as("seed %d", SEED)
            .isLessThanOrEqualTo(world.capacities[i] * stretch + world.largest + 1e-6);
      }
    }
  }

  @Test
  void onlyClientsOfWhatIsDownMoveAndNobodyIsLost() {
    for (World world : worlds()) {
      int[] before = world.cells.plan(world.all());
      boolean[] healthy = world.some();
      int[] after = world.cells.plan(healthy);
      for (int cell = 0; cell < before.length; cell++) {
        assertThat(healthy[after[cell]]).isTrue();
        if (healthy[before[cell]]) {
          assertThat(after[cell]).as("seed %d", SEED).isEqualTo(before[cell]);
        }
      }
    }
  }

  /**
   * Of two who want the same room the nearer one has it, so no client is passed over for nothing.
   */
  @Test
  void whoIsNotAtTheNearestFindsThatFullOfClientsNearerToIt() {
    for (World world : worlds()) {
      int[] plan = world.cells.plan(world.all());
      double[] loads = world.cells.loads(plan);
      double stretch = Math.max(1, 1 / world.capacity(world.all()));
      for (int cell = 0; cell < plan.length; cell++) {
        for (int i = 0; world.positions[cell][i] != plan[cell]; i++) {
          int nearer = world.positions[cell][i];
          assertThat(loads[nearer] + world.demand[cell])
              .as("seed %d", SEED)
              .isGreaterThan(world.capacities[nearer] * stretch - 1e-6);
        }
      }
    }
  }

  @Test
  void whoTakesAPartHasThatPartOfItsOwnNearestClientsWhileOthersHaveRoom() {
    int checked = 0;
    for (World world : worlds()) {
      int slow = random.nextInt(world.candidates);
      int[] percents = new int[world.candidates];
      Arrays.fill(percents, 100);
      percents[slow] = 10 * random.nextInt(10);
      int[] whole = world.cells.plan(world.all());
      int[] part = world.cells.plan(world.all(), percents);
      double others = world.capacity(world.all()) - world.capacities[slow];
      double[] loads = world.cells.loads(part);
      if (others >= 1 + world.candidates * world.largest) {
        assertThat(loads[slow])
            .as("seed %d", SEED)
            .isLessThanOrEqualTo(world.cells.loads(whole)[slow] * percents[slow] / 100 + 1e-6);
        for (int cell = 0; cell < part.length; cell++) {
          assertThat(part[cell] == slow && whole[cell] != slow).isFalse();
        }
        checked++;
      }
      assertThat(Arrays.stream(loads).sum()).isCloseTo(1, within(1e-6));
    }
    assertThat(checked).isGreaterThan(WORLDS / 10);
  }

  @Test
  void partsOfOneSizeAreAsNone() {
    for (World world : worlds()) {
      boolean[] healthy = world.some();
      int[] full = new int[world.candidates];
      Arrays.fill(full, 100);
      assertThat(world.cells.plan(healthy, full)).isEqualTo(world.cells.plan(healthy));
      assertThat(world.cells.plan(healthy, new int[world.candidates]))
          .isEqualTo(world.cells.plan(healthy));
    }
  }

  @Test
  void nothingHealthyIsAsIfAllWere() {
    World world = new World(2);
    assertThat(world.cells.plan(new boolean[world.candidates]))
        .isEqualTo(world.cells.plan(world.all()));
  }
}
