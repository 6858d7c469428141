package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthMonitor;
import dev.meridian.health.HealthRules;
import dev.meridian.health.Quorum;
import dev.meridian.testkit.GeoFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * Thirty cases that tell Route 53's rules from what is merely like them, each as Route 53's own
 * JSON; docs/ROUTE53.md lists them. Shares are seeded and within four standard deviations.
 */
class Route53CasesTest extends Route53JsonZone {
  private static final String WASHINGTON = "203.0.113.0/24";
  private static final String STATELESS = "198.51.100.0/24";
  private static final String CANADA = "192.0.2.0/24";
  private static final String FRANCE = "100.64.1.0/24";
  private static final String JAPAN = "100.64.2.0/24";
  private static final String UNKNOWN = "100.64.9.0/24";

  private static String weight(int weight) {
    return "\"Weight\":" + weight;
  }

  private static String failover(boolean primary) {
    return "\"Failover\":\"" + (primary ? "PRIMARY" : "SECONDARY") + "\"";
  }

  private static String near(double longitude, int bias) {
    return "\"GeoProximityLocation\":{\"Coordinates\":{\"Latitude\":\"0\",\"Longitude\":\""
        + longitude
        + "\"},\"Bias\":"
        + bias
        + "}";
  }

  /**
   * One answer, with all that holds of every answer; whether the client matters is told by the
   * scope.
   */
  private List<String> answer(String name, String client, boolean clientMatters) {
    Message response = server.ask(name + "t.test. A +subnet=" + client);
    assertThat(response.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(response.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(InProcess.scope(response) > 0).as("scope > 0").isEqualTo(clientMatters);
    List<Record> records = response.getSection(Section.ANSWER);
    assertThat(new HashSet<>(records)).hasSameSizeAs(records);
    assertThat(records).allMatch(record -> record.getTTL() == 60);
    return records.stream().map(r -> r.rdataToString().replaceFirst(".*\\.", "")).toList();
  }

  private String only(String name, String client) {
    return String.join(" ", answer(name, client, true));
  }

  /** How often each answer came, held to its share. */
  private void assertShares(String name, int queries, Map<String, Double> expected) {
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < queries; i++) {
      seen.merge(String.join(" ", answer(name, WASHINGTON, false)), 1, Integer::sum);
    }
    assertThat(seen.keySet()).isEqualTo(new TreeMap<>(expected).keySet());
    expected.forEach(
        (answer, share) ->
            assertThat((double) seen.getOrDefault(answer, 0))
                .as(answer)
                .isBetween(
                    queries * share - 4 * Math.sqrt(queries * share * (1 - share)),
                    queries * share + 4 * Math.sqrt(queries * share * (1 - share))));
  }

  private void weighted(String check, int... weights) {
    for (int i = 0; i < weights.length; i++) {
      String id = check.isEmpty() ? "" : check + (i + 1);
      values("w.", "r" + i, weight(weights[i]), id, "192.0.2." + (i + 1));
    }
    serve();
  }

  @Test // T1
  void aSimpleRecordSetAnswersAllItsValuesInRandomOrder() {
    values("s.", "", "", "", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    serve();
    Map<String, Integer> first = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      List<String> answer = answer("s.", WASHINGTON, false);
      assertThat(answer).containsExactlyInAnyOrder("1", "2", "3");
      first.merge(answer.getFirst(), 1, Integer::sum);
    }
    assertThat(first.values()).hasSize(3).allMatch(count -> count >= 60);
  }

  @Test // T2, T3
  void weightsAreSharesAndAnUnhealthyOneLeavesTheDenominator() {
    weighted("h", 10, 20, 20);
    assertShares("w.", 5000, Map.of("1", 0.2, "2", 0.4, "3", 0.4));
    down("h3");
    assertShares("w.", 3000, Map.of("1", 1 / 3.0, "2", 2 / 3.0));
  }

  @Test // T4
  void weightZeroSharesEvenlyWhenNothingElseIsHealthy() {
    weighted("h", 5, 0, 0);
    down("h1");
    assertShares("w.", 1000, Map.of("2", 0.5, "3", 0.5));
  }

  @Test // T5
  void weightZeroWithoutHealthCheckTakesAll() {
    values("w.", "a", weight(5), "h1", "192.0.2.1");
    values("w.", "b", weight(0), "", "192.0.2.2");
    serve();
    down("h1");
    assertShares("w.", 100, Map.of("2", 1.0));
  }

  @Test // T6
  void nothingHealthyIsAsIfAllWereAndWeightZeroStaysOut() {
    weighted("h", 5, 15, 0);
    down("h1", "h2", "h3");
    assertShares("w.", 2000, Map.of("1", 0.25, "2", 0.75));
  }

  @Test // T7
  void allWeightsZeroIsUniform() {
    weighted("", 0, 0, 0, 0);
    assertShares("w.", 2000, Map.of("1", 0.25, "2", 0.25, "3", 0.25, "4", 0.25));
  }

  @Test // T8
  void weightZeroIsNeverAnsweredBesideAHealthyWeight() {
    weighted("h", 255, 0);
    assertShares("w.", 1000, Map.of("1", 1.0));
  }

  @Test // T9
  void failoverAnswersThePrimaryUnlessOnlyTheSecondaryIsHealthy() {
    values("f.", "a", failover(true), "hp", "192.0.2.1");
    values("f.", "b", failover(false), "hs", "192.0.2.2");
    serve();
    assertThat(answer("f.", FRANCE, false)).containsExactly("1");
    down("hs");
    assertThat(answer("f.", FRANCE, false)).containsExactly("1");
    down("hp");
    assertThat(answer("f.", FRANCE, false)).containsExactly("2");
    down("hp", "hs");
    assertThat(answer("f.", FRANCE, false)).containsExactly("1");
  }

  @Test // T10
  void aSecondaryWithoutHealthCheckIsHealthy() {
    values("f.", "a", failover(true), "hp", "192.0.2.1");
    values("f.", "b", failover(false), "", "192.0.2.2");
    serve();
    down("hp");
    assertThat(answer("f.", FRANCE, false)).containsExactly("2");
  }

  @Test // T11
  void anAliasIsHealthyWhileAnythingInItsTargetIs() {
    values("pool.", "x", weight(1), "hx", "192.0.2.1");
    values("pool.", "y", weight(1), "hy", "192.0.2.2");
    alias("f.", "p", failover(true), "", "pool", true);
    values("f.", "s", failover(false), "", "192.0.2.3");
    serve();
    down("hx", "hy");
    assertThat(answer("f.", FRANCE, false)).containsExactly("3");
    down("hx");
    assertThat(answer("f.", FRANCE, false)).containsExactly("2");
  }

  private void places() {
    String us = "\"GeoLocation\":{\"CountryCode\":\"US\"";
    values("g.", "a", us + ",\"SubdivisionCode\":\"WA\"}", "ha", "192.0.2.1");
    values("g.", "b", us + "}", "hb", "192.0.2.2");
    values("g.", "c", "\"GeoLocation\":{\"ContinentCode\":\"NA\"}", "hc", "192.0.2.3");
    values("g.", "d", "\"GeoLocation\":{\"CountryCode\":\"*\"}", "hd", "192.0.2.4");
    serve();
  }

  @Test // T12
  void geolocationFallsBackFromStateToCountryToContinentToDefaultAndFailsOpenToTheSmallest() {
    places();
    assertThat(only("g.", WASHINGTON)).isEqualTo("1");
    down("ha");
    assertThat(only("g.", WASHINGTON)).isEqualTo("2");
    down("ha", "hb");
    assertThat(only("g.", WASHINGTON)).isEqualTo("3");
    down("ha", "hb", "hc");
    assertThat(only("g.", WASHINGTON)).isEqualTo("4");
    down("ha", "hb", "hc", "hd");
    assertThat(only("g.", WASHINGTON)).isEqualTo("1");
  }

  @Test // T13
  void geolocationAnswersCountryContinentAndDefaultToThoseOutside() {
    places();
    assertThat(only("g.", STATELESS)).isEqualTo("2");
    assertThat(only("g.", CANADA)).isEqualTo("3");
    assertThat(only("g.", FRANCE)).isEqualTo("4");
    assertThat(only("g.", UNKNOWN)).isEqualTo("4");
  }

  @Test // T14
  void geolocationWithoutDefaultHasNoAnswerForOthers() {
    values("g.", "a", "\"GeoLocation\":{\"CountryCode\":\"US\"}", "", "192.0.2.1");
    values("g.", "b", "\"GeoLocation\":{\"ContinentCode\":\"EU\"}", "", "192.0.2.2");
    serve();
    assertThat(answer("g.", JAPAN, true)).isEmpty();
    List<Record> authority =
        server.ask("g.t.test. A +subnet=" + JAPAN).getSection(Section.AUTHORITY);
    assertThat(authority).singleElement().isInstanceOf(SOARecord.class);
    assertThat(authority.getFirst().getTTL()).isEqualTo(900);
  }

  @Test // T15
  void geolocationNeverAnswersWithANeighbour() {
    values("g.", "a", "\"GeoLocation\":{\"CountryCode\":\"FR\"}", "ha", "192.0.2.1");
    values("g.", "b", "\"GeoLocation\":{\"CountryCode\":\"JP\"}", "hb", "192.0.2.2");
    serve();
    down("ha");
    assertThat(only("g.", FRANCE)).isEqualTo("1");
  }

  private static final GeoDatabase OCEAN =
      GeoFixture.database(
          List.of(
              "100.65.0.0/24 GH 0,0",
              "100.65.1.0/24 FJ 0,-179",
              "100.65.2.0/24 CN 45.8,-119.7",
              "100.65.3.0/24 BR 0,-12"));

  private void sites(String name, String a, String b) {
    values(name, "a", a, "ha", "192.0.2.1");
    values(name, "b", b, "hb", "192.0.2.2");
  }

  @Test // T16, T17, T18
  void biasMultipliesOrDividesTheDistance() {
    sites("more.", near(15, 50), near(-10, 0));
    sites("less.", near(15, 0), near(-10, -50));
    sites("under.", near(15, 33), near(-10, 0));
    sites("over.", near(15, 34), near(-10, 0));
    serve(OCEAN);
    assertThat(only("more.", "100.65.0.0/24")).isEqualTo("1");
    assertThat(only("less.", "100.65.0.0/24")).isEqualTo("1");
    assertThat(only("under.", "100.65.0.0/24")).isEqualTo("2");
    assertThat(only("over.", "100.65.0.0/24")).isEqualTo("1");
  }

  @Test // T19
  void distancesLeadAcrossTheDateLine() {
    sites("p.", near(179, 0), near(170, 0));
    serve(OCEAN);
    assertThat(only("p.", "100.65.1.0/24")).isEqualTo("1");
    down("ha");
    assertThat(only("p.", "100.65.1.0/24")).isEqualTo("2");
  }

  @Test // T20
  void latencyGoesByTheTableAndFailsOpenToTheBest() {
    values("l.", "a", "\"Region\":\"us-east-1\"", "ha", "192.0.2.1");
    values("l.", "b", "\"Region\":\"eu-west-1\"", "hb", "192.0.2.2");
    values("l.", "c", "\"Region\":\"ap-southeast-1\"", "hc", "192.0.2.3");
    more.put(
        "latency.csv",
        "network,region,ms\n"
            + JAPAN
            + ",us-east-1,90\n"
            + JAPAN
            + ",eu-west-1,80\n"
            + JAPAN
            + ",ap-southeast-1,250\n");
    serve();
    assertThat(only("l.", JAPAN)).isEqualTo("2");
    down("hb");
    assertThat(only("l.", JAPAN)).isEqualTo("1");
    down("ha", "hb");
    assertThat(only("l.", JAPAN)).isEqualTo("3");
    down("ha", "hb", "hc");
    assertThat(only("l.", JAPAN)).isEqualTo("2");
  }

  @Test // T21
  void clientsInChinaGetCnNorth1WhateverTheLatency() {
    sites("l.", "\"Region\":\"cn-north-1\"", "\"Region\":\"us-west-2\"");
    serve(OCEAN);
    assertThat(only("l.", "100.65.2.0/24")).isEqualTo("1");
  }

  private void multivalue(int count) {
    for (int i = 1; i <= count; i++) {
      values("m.", "m" + i, "\"MultiValueAnswer\":true", "h" + i, "192.0.2." + i);
    }
    serve();
  }

  @Test // T22
  void multivalueAnswersEightOfTwelveInManyCombinations() {
    multivalue(12);
    Set<Set<String>> combinations = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      List<String> answer = answer("m.", FRANCE, false);
      assertThat(answer).hasSize(8);
      combinations.add(Set.copyOf(answer));
      seen.addAll(answer);
    }
    assertThat(seen).hasSize(12);
    assertThat(combinations).hasSizeGreaterThan(100); // of 495
  }

  @Test // T23
  void multivalueAnswersTheHealthyAndElseEightOfAll() {
    multivalue(12);
    down(IntStream.rangeClosed(3, 12).mapToObj(i -> "h" + i).toArray(String[]::new));
    assertThat(answer("m.", FRANCE, false)).containsExactlyInAnyOrder("1", "2");
    down(IntStream.rangeClosed(1, 12).mapToObj(i -> "h" + i).toArray(String[]::new));
    assertThat(answer("m.", FRANCE, false)).hasSize(8);
  }

  private void blocks(String... locations) {
    for (int i = 0; i < locations.length; i++) {
      String routing = "{\"CollectionId\":\"c-1\",\"LocationName\":\"" + locations[i] + "\"}";
      values("i.", "l" + i, "\"CidrRoutingConfig\":" + routing, "", "192.0.2." + (i + 1));
    }
    serve();
  }

  @Test // T24
  void theLongestBlockAroundTheClientMatches() {
    blocks("loc1", "loc2", "*");
    assertThat(only("i.", "45.1.2.0/24")).isEqualTo("2");
    assertThat(only("i.", "45.2.0.0/16")).isEqualTo("1");
    assertThat(only("i.", "44.0.0.0/7")).isEqualTo("3");
    assertThat(ask("i.")).containsExactly("3");
  }

  @Test // T25
  void aClientPrefixShorterThanTheBlockDoesNotMatch() {
    blocks("loc1", "*");
    assertThat(only("i.", "2001:db8:1234:5::/64")).isEqualTo("1");
    assertThat(only("i.", "2001:db8::/32")).isEqualTo("2");
  }

  @Test // T26
  void anAliasAnswersItsOwnTypeUnderItsOwnNameWithTheTargetsTtl() {
    for (int i = 1; i <= 2; i++) {
      String value = "\"TTL\":30,\"ResourceRecords\":[{\"Value\":\"192.0.2." + i + "\"}]";
      set("www.", "r" + i, weight(1), "", value);
    }
    alias("", "", "", "", "www", false);
    serve();
    List<Record> records = server.ask("t.test. A").getSection(Section.ANSWER);
    assertThat(records).hasSize(1);
    assertThat(records.getFirst().toString()).startsWith("t.test.\t").contains("30", "IN\tA");
    Message other = server.ask("t.test. AAAA");
    assertThat(other.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(other.getSection(Section.ANSWER)).isEmpty();
  }

  private void tree(boolean evaluate, String check) {
    values("east.", "e1", weight(1), "e1", "192.0.2.1");
    values("east.", "e2", weight(1), "e2", "192.0.2.2");
    values("west.", "w1", weight(1), "w1", "192.0.2.3");
    values("west.", "w2", weight(1), "w2", "192.0.2.4");
    alias("www.", "east", "\"Region\":\"us-east-1\"", check, "east", evaluate);
    alias("www.", "west", "\"Region\":\"ap-southeast-2\"", "", "west", true);
    serve();
  }

  @Test // T27
  void aDeadBranchIsBackedOutOfIfItEvaluatesItsTarget() {
    tree(true, "");
    down("e1", "e2", "w1");
    assertThat(only("www.", CANADA)).isEqualTo("4");
  }

  @Test // T27
  void aDeadBranchIsAnsweredIfItDoesNotEvaluateItsTarget() {
    tree(false, "");
    down("e1", "e2", "w1");
    assertThat(only("www.", CANADA)).isIn("1", "2");
  }

  @Test // T28
  void anAliasNeedsBothItsCheckAndItsTarget() {
    tree(true, "alias");
    down("alias");
    assertThat(only("www.", CANADA)).isIn("3", "4");
  }

  @Test // T29
  void disabledChecksAreHealthyAndNewOnesTooUnlessInverted() {
    settings.put("x", ",\"Disabled\":true");
    settings.put("y", ",\"Disabled\":true,\"Inverted\":true");
    settings.put("v", ",\"Inverted\":true");
    for (String check : List.of("x", "y", "z", "v")) {
      values(check + ".", "p", failover(true), check, "192.0.2.1");
      values(check + ".", "s", failover(false), "", "192.0.2.2");
    }
    List<HealthCheck> defined = serve(GeoFixture.database()).checks();
    HealthMonitor monitor =
        new HealthMonitor(
            registry, () -> Instant.EPOCH, () -> 0, HealthRules.PLAIN, _ -> {}, _ -> {});
    monitor.define(defined);
    server.serve(server.state().with(monitor.board().eligibility()));
    assertThat(answer("x.", FRANCE, false)).containsExactly("1");
    assertThat(answer("y.", FRANCE, false)).containsExactly("2");
    assertThat(answer("z.", FRANCE, false)).containsExactly("1");
    assertThat(answer("v.", FRANCE, false)).containsExactly("2");
  }

  private static boolean healthy(int checkers, int saySo) {
    List<Quorum.Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < checkers; i++) {
      ballots.add(new Quorum.Ballot("r" + i % 8, i < saySo));
    }
    return Quorum.DEFAULT.decide(ballots, checkers, true).up();
  }

  @Test // T30
  void strictlyMoreThan18PerCentOfTheCheckersAreNeeded() {
    assertThat(healthy(16, 3)).isTrue();
    assertThat(healthy(16, 2)).isFalse();
    assertThat(healthy(50, 9)).isFalse();
    assertThat(healthy(50, 10)).isTrue();
  }
}
