package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.source.Problem;
import dev.meridian.testkit.GeoFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only zones together can get wrong, beside what each gets wrong alone. */
class Route53AcrossZonesTest {
  @TempDir private Path folder;

  /** A listing whose sets begin in line 4; the apex is given without its dot. */
  private ZoneFolder zone(String apex, String more, String... sets) {
    String listing =
        """
        {"ResourceRecordSets":[
        {"Name":"%1$s.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
        {"Name":"%1$s.","Type":"NS","TTL":60,"ResourceRecords":[{"Value":"ns.example.net."}]},
        """
            .formatted(apex);
    return new ZoneFolder(folder)
        .write(apex + ".route53.json", listing + String.join(",\n", sets) + "]" + more + "}\n");
  }

  private static String a(String name) {
    return "{\"Name\":\"%s.\",\"Type\":\"A\",\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"192.0.2.1\"}]}"
        .formatted(name);
  }

  private static String alias(String name, String to) {
    return """
    {"Name":"%s.","Type":"A","AliasTarget":{"HostedZoneId":"Z","DNSName":"%s.","EvaluateTargetHealth":true}}"""
        .formatted(name, to);
  }

  /** The problems of loading and of compiling, as the server tells them. */
  private List<String> problems() {
    LoadedSet set = new ZoneFolder(folder).load();
    boolean served = SetCompiler.compile(set, GeoFixture.database()).isPresent();
    assertThat(served).isEqualTo(!set.problems().hasErrors());
    return set.problems().list().stream().map(Problem::toString).toList();
  }

  /** n0 has an address, n1 to n{@code length} lead to the one before, in two zones in turn. */
  private void chain(int length) {
    List<List<String>> sets = List.of(new ArrayList<>(), new ArrayList<>());
    sets.get(0).add(a("n0.even.test"));
    for (int i = 1; i <= length; i++) {
      String before = "n" + (i - 1) + (i % 2 == 0 ? ".odd.test" : ".even.test");
      String name = "n" + i + (i % 2 == 0 ? ".even.test" : ".odd.test");
      sets.get(i % 2).add(alias(name, before));
    }
    zone("even.test", "", sets.get(0).toArray(String[]::new));
    zone("odd.test", "", sets.get(1).toArray(String[]::new));
  }

  @Test
  void aCircleThroughTwoZonesIsToldAtEveryNameInIt() {
    zone("one.test", "", a("x.one.test"), alias("a.one.test", "b.two.test"));
    zone("two.test", "", alias("b.two.test", "a.one.test"));
    assertThat(problems())
        .containsExactly(
            "one.test.route53.json:5:1: a.one.test.: aliases lead round in a circle: a.one.test. ->"
                + " b.two.test. -> a.one.test.",
            "two.test.route53.json:4:1: b.two.test.: aliases lead round in a circle: b.two.test. ->"
                + " a.one.test. -> b.two.test.");
  }

  @Test
  void sixteenAliasesThroughZonesAreServed() {
    chain(16);
    assertThat(problems()).isEmpty();
  }

  @Test
  void theSeventeenthIsRefusedWhereItIsWritten() {
    chain(17);
    assertThat(problems())
        .containsExactly(
            "odd.test.route53.json:12:1: n17.odd.test.: aliases lead to aliases more than 16 times");
  }

  @Test
  void whatZonesGetWrongAloneAndTogetherIsToldAtOnce() {
    chain(17);
    zone("one.test", "", alias("a.one.test", "b.two.test"));
    zone("two.test", "", alias("b.two.test", "a.one.test"), alias("c.two.test", "x.cut.test"));
    zone("cut.test", ",\n\"IsTruncated\":true", a("x.cut.test"));
    zone("self.test", "", alias("a.self.test", "b.self.test"), alias("b.self.test", "a.self.test"));
    assertThat(problems())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line).startsWith("cut.test.route53.json:5:1: the listing is cut off"),
            line -> assertThat(line).startsWith("self.test.route53.json:5:49: ").contains("circle"),
            line -> assertThat(line).startsWith("odd.test.route53.json:12:1: ").contains("16"),
            line -> assertThat(line).startsWith("one.test.route53.json:4:1: ").contains("circle"),
            line -> assertThat(line).startsWith("two.test.route53.json:4:1: ").contains("circle"));
  }
}
