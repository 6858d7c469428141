package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.meridian.net.ClientAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Choices that stick: the law of their shares, and who moves when candidates come and go. Replay
 * with {@code -Dtest.seed=…}.
 */
class RendezvousTest {
  private static final long SEED = Long.getLong("test.seed", 20261128);
  private static final int CLIENTS = 20_000;
  private static final Sticky STICKY = new Sticky(24, 56);

  private final Random random = new Random(SEED);

  private static Decision weighted(long... weights) {
    return choice(IntStream.range(0, weights.length).toArray(), weights);
  }

  /** Leaves with these numbers, each keyed by its number, whoever else is there. */
  private static Decision choice(int[] leaves, long[] weights) {
    return Decision.weighted(decisions(leaves), weights).stickingTo(keys(leaves), STICKY);
  }

  private static Decision[] decisions(int[] leaves) {
    return Arrays.stream(leaves).mapToObj(Decision::leaf).toArray(Decision[]::new);
  }

  private static long[] keys(int[] leaves) {
    return Arrays.stream(leaves).mapToLong(leaf -> Rendezvous.key(7, "e" + leaf)).toArray();
  }

  /** Every /24 is a client of its own. */
  private static long client(int i) {
    ClientAddress address = new ClientAddress();
    address.setIpv4(i << 8, 24);
    return Rendezvous.client(address, STICKY.ipv4());
  }

  @Test
  void theCostIsTheLogarithm() {
    for (int i = 0; i < 100_000; i++) {
      long hash = random.nextLong() >>> random.nextInt(64);
      // 1 - 2^-64 * hash, for what double cannot tell from 1
      double rest = ((~hash >>> 11) + 0.5) * 0x1p-53;
      double expected = hash < 0 ? -Math.log1p(-rest) / Math.log(2) : 64 - log2(hash | 1);
      assertThat(Rendezvous.cost(hash) * 0x1p-56)
          .as("seed %d: %x", SEED, hash)
          .isCloseTo(expected, within(0x1p-44));
    }
    assertThat(Rendezvous.cost(-1)).as("the best there is").isBetween(1L, 1L << 10);
    assertThat(Rendezvous.cost(0)).as("the worst there is").isEqualTo(64L << 56);
  }

  private static double log2(long positive) {
    return Math.log((double) positive) / Math.log(2);
  }

  static Stream<long[]> weights() {
    return Stream.of(
        new long[] {1, 1},
        new long[] {10, 20, 20},
        new long[] {1, 99},
        new long[] {1, 2, 3, 4, 5, 6, 7, 8},
        new long[] {4294967295L, 4294967295L, 2147483648L},
        new long[] {4294967295L, 1});
  }

  @ParameterizedTest
  @MethodSource("weights")
  void eachCandidateGetsTheShareOfClientsThatItsWeightSays(long[] weights) {
    Decision decision = weighted(weights);
    int[] counts = new int[weights.length];
    for (int i = 0; i < CLIENTS; i++) {
      counts[decision.branchOf(client(i)).number]++;
    }
    double total = Arrays.stream(weights).asDoubleStream().sum();
    for (int i = 0; i < weights.length; i++) {
      double share = weights[i] / total;
      double deviation = 4 * Math.sqrt(CLIENTS * share * (1 - share));
      assertThat((double) counts[i])
          .as("weight %d", weights[i])
          .isBetween(CLIENTS * share - deviation, CLIENTS * share + deviation);
    }
  }

  @Test
  void oneThatLeavesTakesAlongOnlyItsOwn() {
    long[] weights = {3, 1, 4, 1, 5};
    Decision all = weighted(weights);
    for (int gone = 0; gone < weights.length; gone++) {
      int out = gone;
      int[] left = IntStream.range(0, weights.length).filter(i -> i != out).toArray();
      Decision rest = choice(left, Arrays.stream(left).mapToLong(i -> weights[i]).toArray());
      for (int i = 0; i < CLIENTS; i++) {
        int before = all.branchOf(client(i)).number;
        int after = rest.branchOf(client(i)).number;
        assertThat(after == before)
            .as("client %d of %d without %d", i, before, gone)
            .isEqualTo(before != gone);
      }
    }
  }

  @Test
  void oneThatGrowsOnlyDraws() {
    Decision before = weighted(3, 1, 4);
    Decision after = weighted(3, 2, 4);
    int moved = 0;
    for (int i = 0; i < CLIENTS; i++) {
      int was = before.branchOf(client(i)).number;
      int is = after.branchOf(client(i)).number;
      assertThat(is).isIn(was, 1);
      moved += is == was ? 0 : 1;
    }
    double share = 2 / 9.0 - 1 / 8.0; // no more than the difference of its shares
    double deviation = 4 * Math.sqrt(CLIENTS * share * (1 - share));
    assertThat((double) moved).isBetween(CLIENTS * share - deviation, CLIENTS * share + deviation);
  }

  @Test
  void ofSeveralOnlyTheOneThatLeavesIsReplaced() {
    int[] all = IntStream.range(0, 12).toArray();
    int[] rest = IntStream.range(1, 12).toArray();
    int[] seen = new int[12];
    for (int i = 0; i < CLIENTS; i++) {
      Set<Integer> before = several(all, client(i));
      Set<Integer> after = several(rest, client(i));
      before.forEach(leaf -> seen[leaf]++);
      assertThat(before).hasSize(4);
      assertThat(after).hasSize(4);
      before.remove(0);
      assertThat(after).containsAll(before);
    }
    double deviation = 4 * Math.sqrt(CLIENTS / 3.0 * (2 / 3.0));
    for (int count : seen) {
      assertThat((double) count).isCloseTo(CLIENTS / 3.0, within(deviation));
    }
  }

  private static Set<Integer> several(int[] leaves, long client) {
    Decision decision = Decision.some(decisions(leaves), 4).stickingTo(keys(leaves), STICKY);
    Selection selection = new Selection();
    int from = selection.rank(decision, 4, client);
    Set<Integer> chosen = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      chosen.add(decision.branches[selection.rankedBranch(from + i)].number);
    }
    return chosen;
  }

  /** Bits beyond those that count, and what is the same in both families. */
  @Test
  void aClientIsItsPrefix() {
    ClientAddress address = new ClientAddress();
    address.setIpv4(0xC0000201, 32);
    long whole = Rendezvous.client(address, 24);
    address.setIpv4(0xC00002FF, 32);
    assertThat(Rendezvous.client(address, 24)).isEqualTo(whole);
    assertThat(Rendezvous.client(address, 32)).isNotEqualTo(whole);
    address.setIpv6(0x20010DB800010000L, 5, 128);
    long site = Rendezvous.client(address, 56);
    address.setIpv6(0x20010DB8000100FFL, -1, 128);
    assertThat(Rendezvous.client(address, 56)).isEqualTo(site);
    assertThat(Rendezvous.client(address, 57)).isNotEqualTo(site);
    long last = Rendezvous.client(address, 128);
    address.setIpv6(0x20010DB8000100FFL, -2, 128);
    assertThat(Rendezvous.client(address, 128)).isNotEqualTo(last);
    assertThat(Rendezvous.client(address, 64)).isNotEqualTo(Rendezvous.client(address, 65));
  }

  /** Written down: a server that counts otherwise would move the clients of a whole fleet. */
  @Test
  void theNumbersStayWhatTheyAre() {
    assertThat(Rendezvous.key(0, "fra-1")).isEqualTo(0xc23af054281b659cL);
    assertThat(client(1)).isEqualTo(0x1991df90c96fbf6cL);
    assertThat(Rendezvous.cost(0xc23af054281b659cL)).isCloseTo(28706019949500404L, within(64L));
  }
}
