package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Policies that throw dice, by their shares: seeded, and within four standard deviations. Route 53
 * weighted routing (tiers W1 to W4), multivalue answer, and simple records in random order.
 */
class RoutingSharesTest {
  private static final String A = "192.0.2.1";
  private static final String B = "192.0.2.2";
  private static final String C = "192.0.2.3";
  private static final String D = "192.0.2.4";

  private static final String POLICY =
      """
      health-checks: { hc: { tcp: { port: 80 } } }
      endpoints:
        a: { address: 192.0.2.1, health-check: hc }
        b: { address: 192.0.2.2, health-check: hc }
        c: { address: 192.0.2.3, health-check: hc }
        d: { address: 192.0.2.4 }
        three: { records: { TXT: [one, two, three] } }
      records:
        thirds: { weighted: { a: 10, b: 20, c: 20 } }
        reserve: { weighted: { a: 5, b: 0, c: 0 } }
        open: { weighted: { a: 5, b: 15, c: 0 } }
        zeros: { weighted: { a: 0, b: 0, c: 0, d: 0 } }
        only: { weighted: { a: 255, b: 0 } }
        wide: { weighted: { a: 4294967295, b: 4294967295 } }
        nested: { weighted: [ { weight: 1, answer: { weighted: { a: 1, b: 1 } } }, { weight: 2, answer: c } ] }
        simple: { endpoint: three }
        all: { multivalue: [a, b, c] }
      """;

  private final InProcess server = new InProcess(POLICY, GeoDatabase.EMPTY, 53);

  @Test
  void healthyCandidatesAreAnsweredInProportionToWeight() {
    assertShares("thirds.t.test. A", 5000, Map.of(A, 0.2, B, 0.4, C, 0.4));
  }

  @Test
  void theWeightOfAnUnhealthyCandidateLeavesTheDenominator() {
    server.health(false, "c");
    assertShares("thirds.t.test. A", 3000, Map.of(A, 1 / 3.0, B, 2 / 3.0));
  }

  @Test
  void weightZeroSharesEvenlyWhenAllWithWeightAreUnhealthy() {
    server.health(false, "a");
    assertShares("reserve.t.test. A", 1000, Map.of(B, 0.5, C, 0.5));
  }

  @Test
  void nothingHealthyIsAsIfAllWereAndWeightZeroStaysOut() {
    server.health(false, "a", "b", "c");
    assertShares("open.t.test. A", 2000, Map.of(A, 0.25, B, 0.75));
  }

  @Test
  void allWeightsZeroIsUniform() {
    assertShares("zeros.t.test. A", 2000, Map.of(A, 0.25, B, 0.25, C, 0.25, D, 0.25));
  }

  @Test
  void allWeightsZeroAndNothingHealthyButOneGivesThatOne() {
    server.health(false, "a", "b", "c");
    assertShares("zeros.t.test. A", 100, Map.of(D, 1.0));
  }

  @Test
  void weightZeroIsNeverAnsweredBesideAHealthyWeight() {
    assertShares("only.t.test. A", 1000, Map.of(A, 1.0));
  }

  @Test
  void theLargestWeightsDoNotOverflow() {
    assertShares("wide.t.test. A", 2000, Map.of(A, 0.5, B, 0.5));
  }

  @Test
  void aBranchKeepsItsWeightWhileAnythingInItIsHealthy() {
    assertShares("nested.t.test. A", 3000, Map.of(A, 1 / 6.0, B, 1 / 6.0, C, 2 / 3.0));
    server.health(false, "b");
    assertShares("nested.t.test. A", 3000, Map.of(A, 1 / 3.0, C, 2 / 3.0));
  }

  @Test
  void everyValueOfASimpleAnswerComesFirstInTurn() {
    Map<String, Integer> first = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      List<String> answers = InProcess.answers(server.ask("simple.t.test. TXT"));
      assertThat(answers).containsExactlyInAnyOrder("one", "two", "three");
      first.merge(answers.getFirst(), 1, Integer::sum);
    }
    assertThat(first.values()).hasSize(3).allMatch(count -> count >= 60);
  }

  @Test
  void multivalueShufflesWhatItAnswers() {
    Set<List<String>> orders = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      orders.add(InProcess.answers(server.ask("all.t.test. A")));
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void multivalueAnswersEightOfTwelve() {
    InProcess twelve = twelve();
    Map<String, Integer> seen = new TreeMap<>();
    Set<Set<String>> sets = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      List<String> answers = InProcess.answers(twelve.ask("m.t.test. A"));
      assertThat(answers).hasSize(8).doesNotHaveDuplicates();
      answers.forEach(answer -> seen.merge(answer, 1, Integer::sum));
      sets.add(Set.copyOf(answers));
    }
    assertThat(seen).hasSize(12);
    seen.values().forEach(count -> assertShare(count, 500, 8 / 12.0));
    assertThat(sets).as("of 495 combinations").hasSizeGreaterThan(200);
  }

  @Test
  void multivalueFailsOpenToEightOfTwelve() {
    InProcess twelve = twelve();
    twelve.health(false, IntStream.range(1, 13).mapToObj(i -> "e" + i).toArray(String[]::new));
    assertThat(InProcess.answers(twelve.ask("m.t.test. A"))).hasSize(8).doesNotHaveDuplicates();
    twelve.health(true, "e3", "e7");
    assertThat(InProcess.answers(twelve.ask("m.t.test. A")))
        .containsExactlyInAnyOrder("192.0.2.3", "192.0.2.7");
  }

  @Test
  void multivalueMaxCanBeChosen() {
    assertThat(InProcess.answers(twelve().ask("max.t.test. A"))).hasSize(3);
    assertThat(InProcess.answers(twelve().ask("more.t.test. A"))).hasSize(12);
  }

  private static InProcess twelve() {
    List<String> ids = IntStream.range(1, 13).mapToObj(i -> "e" + i).toList();
    String endpoints =
        IntStream.range(1, 13)
            .mapToObj(i -> "  e" + i + ": { address: 192.0.2." + i + ", health-check: hc }\n")
            .collect(Collectors.joining());
    String list = String.join(", ", ids);
    String policy =
        "health-checks: { hc: { tcp: { port: 80 } } }\nendpoints:\n"
            + endpoints
            + "records:\n  m: { multivalue: [%s] }\n".formatted(list)
            + "  max: { multivalue: { max: 3, answers: [%s] } }\n".formatted(list)
            + "  more: { multivalue: { max: 20, answers: [%s] } }\n".formatted(list);
    return new InProcess(policy, GeoDatabase.EMPTY, 53);
  }

  private void assertShares(String dig, int queries, Map<String, Double> expected) {
    Map<String, Integer> shares = server.shares(dig, queries);
    assertThat(shares.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (answer, share) -> assertShare(shares.getOrDefault(answer, 0), queries, share));
  }

  private static void assertShare(int count, int queries, double share) {
    double deviation = 4 * Math.sqrt(queries * share * (1 - share));
    assertThat((double) count).isBetween(queries * share - deviation, queries * share + deviation);
  }
}
