package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.PrefixPartition;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a query draws among candidates that share clients is what their shares say: with dice within
 * five standard deviations, by the client's hash exactly. Replay with {@code -Dtest.seed=…}.
 */
class RankingTest {
  private static final long SEED = Long.getLong("test.seed", 41);
  private static final int THROWS = 4000;
  private static final int CANDIDATES = 6;

  private final Random random = new Random(SEED);
  private final Dice dice = new Dice(SEED);
  private final Selection selection = new Selection();

  @Test
  void diceFallOnEachBranchInProportionToItsWeight() {
    for (int world = 0; world < 40; world++) {
      Steering steering = steering();
      Ranking ranking = ranking(new long[0]);
      Decision shares = ranking.shares(steering, 0);
      int[] drawn = new int[CANDIDATES];
      for (int i = 0; i < THROWS; i++) {
        drawn[draw(steering, ranking, new ClientAddress()).number]++;
      }
      double[] expected = new double[CANDIDATES];
      if (shares.kind == Decision.Kind.LEAF) {
        expected[shares.number] = 1;
      }
      for (int i = 0; i < shares.branches.length; i++) {
        expected[shares.branches[i].number] = (double) shares.weights[i] / shares.total();
      }
      for (int leaf = 0; leaf < CANDIDATES; leaf++) {
        double p = expected[leaf];
        assertThat((double) drawn[leaf] / THROWS)
            .as("seed %d, world %d, leaf %d", SEED, world, leaf)
            .isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / THROWS)));
      }
    }
  }

  @Test
  void clientsHashToTheBranchThatTheSameChoiceWithoutClassesGivesThem() {
    for (int world = 0; world < 40; world++) {
      Steering steering = steering();
      Ranking ranking = ranking(random.longs(CANDIDATES).toArray());
      Decision shares = ranking.shares(steering, 0);
      for (int i = 0; i < 100; i++) {
        ClientAddress client = new ClientAddress();
        client.setIpv4(random.nextInt(), 32);
        Decision expected =
            shares.isSticky() ? shares.branchOf(Rendezvous.client(client, 24)) : shares;
        assertThat(draw(steering, ranking, client)).isSameAs(expected);
        assertThat(selection.scopeLength()).isEqualTo(shares.isSticky() ? 24 : 0);
      }
    }
  }

  private Decision draw(Steering steering, Ranking ranking, ClientAddress client) {
    selection.begin(0, 0);
    return ranking.drawn(steering, client, dice, selection);
  }

  /** One class whose candidates exclude each other in a random way. */
  private Steering steering() {
    int[] positions = {3, 0, 5, 1, 4, 2};
    int[] reach = new int[CANDIDATES];
    int least = 1;
    for (int i = 0; i < CANDIDATES; i++) {
      least = Math.max(least, i + 1);
      reach[i] = least + random.nextInt(CANDIDATES - least + 1);
      least = reach[i];
    }
    Order[][] orders = {{new Order(positions, reach)}};
    int[][] orderOf = {{0}};
    return new Steering(
        PrefixPartition.uniform(0),
        new int[] {0},
        Steering.Exceptions.NONE,
        orderOf,
        orders,
        new int[0][],
        new Cells[1]);
  }

  private Ranking ranking(long[] keys) {
    Decision[] branches = new Decision[CANDIDATES];
    boolean[] known = new boolean[CANDIDATES];
    boolean[] healthy = new boolean[CANDIDATES];
    long[] weights = new long[CANDIDATES];
    for (int i = 0; i < CANDIDATES; i++) {
      branches[i] = Decision.leaf(i);
      known[i] = i == 2 || random.nextInt(5) > 0;
      healthy[i] = known[i] && random.nextBoolean();
      weights[i] = 1L + random.nextInt(9);
    }
    Ranking.Shares shares = new Ranking.Shares(weights, keys, new Sticky(24, 56));
    return new Ranking(0, branches, known, healthy, false, null, shares);
  }
}
