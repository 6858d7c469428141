package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** Zones as Route 53's own JSON, answered by Route 53's rules. */
class Route53JsonTest extends Route53JsonZone {
  @Test
  void severalAddressesComeInRandomOrder() {
    values("s.", "", "", "", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    serve();
    Set<String> first = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      List<String> answers = InProcess.answers(server.ask("s.t.test. A"));
      assertThat(answers).hasSize(3);
      first.add(answers.getFirst());
    }
    assertThat(first).hasSize(3);
  }

  @Test
  void weightZeroIsTheLastTier() {
    values("w.", "a", "\"Weight\":5", "ha", "192.0.2.1");
    values("w.", "b", "\"Weight\":15", "hb", "192.0.2.2");
    values("w.", "c", "\"Weight\":0", "hc", "192.0.2.3");
    serve();
    assertThat(ask("w.")).containsExactly("1", "2");
    down("ha", "hb");
    assertThat(ask("w.")).containsExactly("3");
    down("ha", "hb", "hc");
    assertThat(ask("w.")).containsExactly("1", "2");
  }

  @Test
  void failoverFollowsItsTruthTable() {
    values("f.", "s", "\"Failover\":\"SECONDARY\"", "hs", "192.0.2.2");
    values("f.", "p", "\"Failover\":\"PRIMARY\"", "hp", "192.0.2.1");
    serve();
    assertThat(ask("f.")).containsExactly("1");
    down("hs");
    assertThat(ask("f.")).containsExactly("1");
    down("hp");
    assertThat(ask("f.")).containsExactly("2");
    down("hp", "hs");
    assertThat(ask("f.")).containsExactly("1");
  }

  @Test
  void geolocationAnswersTheSmallestHealthyRegionAndElseNothing() {
    values(
        "g.",
        "wa",
        "\"GeoLocation\":{\"CountryCode\":\"US\",\"SubdivisionCode\":\"WA\"}",
        "h1",
        "192.0.2.1");
    values("g.", "us", "\"GeoLocation\":{\"CountryCode\":\"US\"}", "h2", "192.0.2.2");
    values("g.", "na", "\"GeoLocation\":{\"ContinentCode\":\"NA\"}", "", "192.0.2.3");
    serve();
    assertThat(ask("g.", "203.0.113.0/24")).containsExactly("1");
    assertThat(ask("g.", "198.51.100.0/24")).containsExactly("2");
    down("h1", "h2");
    assertThat(ask("g.", "203.0.113.0/24")).containsExactly("3");
    Message none = server.ask("g.t.test. A +subnet=100.64.2.0/24");
    assertThat(none.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(InProcess.answers(none)).isEmpty();
  }

  @Test
  void blocksOfACollectionMatchTheLongestFirst() {
    values(
        "i.",
        "1",
        "\"CidrRoutingConfig\":{\"CollectionId\":\"c-1\",\"LocationName\":\"loc1\"}",
        "",
        "192.0.2.1");
    values(
        "i.",
        "2",
        "\"CidrRoutingConfig\":{\"CollectionId\":\"c-1\",\"LocationName\":\"loc2\"}",
        "h",
        "192.0.2.2");
    values(
        "i.",
        "3",
        "\"CidrRoutingConfig\":{\"CollectionId\":\"c-1\",\"LocationName\":\"*\"}",
        "",
        "192.0.2.3");
    serve();
    assertThat(ask("i.", "45.1.2.0/24")).containsExactly("2");
    assertThat(ask("i.", "45.2.0.0/16")).containsExactly("1");
    assertThat(ask("i.")).containsExactly("3");
    assertThat(ask("i.", "2001:db8:1234:5::/64")).containsExactly("1");
    down("h");
    assertThat(ask("i.", "45.1.2.0/24")).containsExactly("1");
  }

  @Test
  void nearestByBiasedDistanceAndByLatency() {
    values(
        "p.",
        "paris",
        "\"GeoProximityLocation\":{\"Coordinates\":{\"Latitude\":\"48.9\",\"Longitude\":\"2.4\"},\"Bias\":-10}",
        "",
        "192.0.2.1");
    values(
        "p.",
        "tokyo",
        "\"GeoProximityLocation\":{\"AWSRegion\":\"ap-northeast-1\"}",
        "",
        "192.0.2.2");
    values("l.", "dub", "\"Region\":\"eu-west-1\"", "h", "192.0.2.1");
    values("l.", "nrt", "\"Region\":\"ap-northeast-1\"", "", "192.0.2.2");
    serve();
    assertThat(ask("p.", "100.64.1.0/24")).containsExactly("1");
    assertThat(ask("p.", "100.64.2.0/24")).containsExactly("2");
    assertThat(ask("l.", "100.64.1.0/24")).containsExactly("1");
    down("h");
    assertThat(ask("l.", "100.64.1.0/24")).containsExactly("2");
  }

  @Test
  void multivalueAnswersEightOfTwelve() {
    for (int i = 1; i <= 12; i++) {
      values("m.", "m" + i, "\"MultiValueAnswer\":true", "h" + i, "192.0.2." + i);
    }
    serve();
    assertThat(InProcess.answers(server.ask("m.t.test. A"))).hasSize(8).doesNotHaveDuplicates();
    assertThat(ask("m.")).hasSize(12);
    down("h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "h9", "h10");
    assertThat(ask("m.")).containsExactly("11", "12");
  }

  @Test
  void aliasTreesAreBackedOutOfUnlessTheyDoNotEvaluateTheirTargets() {
    values("east.", "e1", "\"Weight\":1", "e1", "192.0.2.1");
    values("east.", "e2", "\"Weight\":1", "e2", "192.0.2.2");
    values("west.", "w1", "\"Weight\":1", "w1", "192.0.2.3");
    values("west.", "w2", "\"Weight\":1", "w2", "192.0.2.4");
    for (String name : List.of("on.", "off.")) {
      alias(name, "east", "\"Region\":\"us-east-1\"", "tree", "east", name.equals("on."));
      alias(name, "syd", "\"Region\":\"ap-southeast-2\"", "", "west", true);
    }
    alias("", "", "", "", "on", true);
    serve();
    assertThat(ask("on.", "192.0.2.0/24")).containsExactly("1", "2");
    down("e1");
    assertThat(ask("", "192.0.2.0/24")).containsExactly("2");
    down("e1", "e2", "w1");
    assertThat(ask("on.", "192.0.2.0/24")).containsExactly("4");
    assertThat(ask("off.", "192.0.2.0/24")).containsExactly("1", "2");
    down("tree");
    assertThat(ask("on.", "192.0.2.0/24")).containsExactly("3", "4");
    down("e1", "e2", "w1", "w2");
    assertThat(ask("on.", "192.0.2.0/24")).containsExactly("1", "2");
  }

  @Test
  void anAliasToANameThatIsNotServedHereLeavesTheAnswerToOthersAndElseFails() {
    elsewhere("", "", "", true);
    elsewhere("cdn.", "", "", true);
    elsewhere("f.", "first", "\"Failover\":\"PRIMARY\"", false);
    values("f.", "second", "\"Failover\":\"SECONDARY\"", "h", "192.0.2.2");
    elsewhere("g.", "eu", "\"GeoLocation\":{\"ContinentCode\":\"EU\"}", true);
    values("g.", "na", "\"GeoLocation\":{\"ContinentCode\":\"NA\"}", "", "192.0.2.3");
    alias("w.", "out", "\"Weight\":9", "", "cdn", false);
    values("v.", "in", "\"Weight\":0", "h", "192.0.2.4");
    alias("v.", "out", "\"Weight\":1", "", "w", false);
    sets.add(
        "{\"Name\":\"nick.t.test.\",\"Type\":\"CNAME\",\"TTL\":60,"
            + "\"ResourceRecords\":[{\"Value\":\"w.t.test\"}]}");
    serve();
    for (String name : List.of("", "w.", "nick.")) {
      Message answer = server.ask(name + "t.test. A");
      assertThat(answer.getRcode()).as(name).isEqualTo(Rcode.SERVFAIL);
      assertThat(answer.getSection(Section.AUTHORITY)).isEmpty();
    }
    down("h");
    assertThat(ask("f.")).containsExactly("2");
    assertThat(ask("v.")).containsExactly("4");
    assertThat(ask("g.", "192.0.2.0/24")).containsExactly("3");
    assertThat(server.ask("g.t.test. A +subnet=100.64.1.0/24").getRcode())
        .isEqualTo(Rcode.SERVFAIL);
    assertThat(server.ask("t.test. AAAA").getRcode()).isEqualTo(Rcode.NOERROR);
  }

  private void elsewhere(String name, String id, String routing, boolean eth) {
    String target = "{\"HostedZoneId\":\"Z2\",\"DNSName\":\"lb.elb.test.\",";
    set(
        name,
        id,
        routing,
        "",
        "\"AliasTarget\":" + target + "\"EvaluateTargetHealth\":" + eth + "}");
  }

  @Test
  void escapesAreOctal() {
    sets.add(
        "{\"Name\":\"\\\\052.t.test.\",\"Type\":\"TXT\",\"TTL\":60,\"ResourceRecords\":"
            + "[{\"Value\":\"\\\"a\\\\101\\\" \\\"b\\\"\"}]}");
    serve();
    var answer = server.ask("any.t.test. TXT").getSection(Section.ANSWER).getFirst();
    assertThat(((TXTRecord) answer).getStrings()).containsExactly("aA", "b");
  }
}
