package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.source.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a zone in Route 53's JSON: place, rule and remedy, all at once. */
class Route53ProblemsTest {
  private static final String APEX =
      """
      {"ResourceRecordSets":[
      {"Name":"example.com.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
      {"Name":"example.com.","Type":"NS","TTL":60,"ResourceRecords":[{"Value":"ns.example.net."}]},
      """;

  @TempDir private Path folder;

  private List<String> problems(String sets) {
    return new ZoneFolder(folder)
        .write("example.com.route53.json", APEX + sets).problems().stream()
            .map(line -> line.replace("example.com.route53.json:", ""))
            .toList();
  }

  private static String a(String name, String more) {
    return "{\"Name\":\"" + name + ".example.com.\",\"Type\":\"A\"," + more + "}";
  }

  private static String alias(String name, String to) {
    return a(
        name,
        "\"AliasTarget\":{\"HostedZoneId\":\"Z\",\"DNSName\":\""
            + to
            + ".example.com\",\"EvaluateTargetHealth\":true}");
  }

  private static final String VALUE = "\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"192.0.2.1\"}]";

  @Test
  void aListingThatIsCutOffIsRefused() {
    assertThat(problems(a("x", VALUE) + "],\n\"IsTruncated\":true}"))
        .containsExactly(
            "5:1: the listing is cut off, the rest is missing; print all of it with 'aws route53"
                + " list-resource-record-sets', without --max-items and --no-paginate");
  }

  @Test
  void mistakesInGroupsAreAllReportedAtOnce() {
    String weighted = "\"SetIdentifier\":\"a\",\"Weight\":1," + VALUE;
    assertThat(
            problems(
                String.join(
                        ",\n",
                        a("x", weighted),
                        a("x", weighted),
                        a("x", "\"SetIdentifier\":\"b\",\"Region\":\"eu-west-1\"," + VALUE),
                        a("y", "\"HealthCheckId\":\"gone\"," + VALUE))
                    + "]}"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("5:1: ").contains("SetIdentifier 'a' is in this"),
            line -> assertThat(line).startsWith("6:1: ").contains("have one routing policy"),
            line -> assertThat(line).startsWith("7:").contains("there is no health check gone"));
  }

  @Test
  void theNameOfTheNextRecordShowsThatAListingIsCutOff() {
    assertThat(problems(a("x", VALUE) + "],\n\"NextRecordName\":\"y.example.com.\"}"))
        .singleElement()
        .asString()
        .startsWith("5:1: the listing is cut off");
  }

  @Test
  void aFieldThatIsNearlyOneOfRoute53sIsASlipAndAnotherOneIsLeftOut() {
    String misspelled = "\"HealthCheckID\":\"h\"," + VALUE;
    String later = "\"StarSign\":\"leo\"," + VALUE;
    assertThat(problems(a("x", misspelled) + ",\n" + a("y", later) + "]}"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("4:").endsWith("did you mean 'HealthCheckId'?"),
            line ->
                assertThat(line)
                    .startsWith("5:")
                    .contains("warning: a ResourceRecordSet has no field 'StarSign'"));
  }

  @Test
  void oneMistakeIsToldOnce() {
    String gone = "\"CidrRoutingConfig\":{\"CollectionId\":\"gone\",\"LocationName\":\"l\"}";
    String routed = "\"SetIdentifier\":\"a\"," + gone + "," + VALUE;
    assertThat(problems(a("x", routed) + ",\n" + alias("y", "x") + "]}"))
        .singleElement()
        .asString()
        .startsWith("4:")
        .contains("there is no CIDR collection gone in cidr-collections.route53.json");
  }

  @Test
  void whatRoute53RefusesAndCanBeServedIsAWarningWithTheRule() {
    String region = "\"Region\":\"eu-west-1\"," + VALUE;
    assertThat(
            problems(
                a("x", "\"SetIdentifier\":\"a\"," + region)
                    + ",\n"
                    + a("x", "\"SetIdentifier\":\"b\"," + region)
                    + "]}"))
        .singleElement()
        .asString()
        .startsWith("5:1: warning: ")
        .contains("Route 53 refuses a second record set for eu-west-1");
  }

  private static String cidr(String id, String collection, String location) {
    return a(
        "x",
        "\"SetIdentifier\":\"%s\",\"CidrRoutingConfig\":{\"CollectionId\":\"%s\",\"LocationName\":\"%s\"},%s"
            .formatted(id, collection, location, VALUE));
  }

  @Test
  void aBlockLeadsOneWay() {
    new ZoneFolder(folder)
        .write(
            "cidr-collections.route53.json",
            """
            {"CidrCollections":[
            {"Id":"c1","Name":"c1","Locations":[{"LocationName":"l","CidrBlocks":["192.0.2.0/24"]}]},
            {"Id":"c2","Name":"c2","Locations":[{"LocationName":"l","CidrBlocks":["192.0.2.0/24"]}]}
            ]}
            """);
    assertThat(problems(cidr("a", "c1", "l") + ",\n" + cidr("b", "c2", "l") + "]}"))
        .satisfiesExactly(
            line -> assertThat(line).contains("warning", "refuses two CIDR collections in a group"),
            line ->
                assertThat(line)
                    .startsWith("5:1: ")
                    .contains("the block 192.0.2.0/24 is in this group already"));
  }

  @Test
  void aliasesLeadSomewhereAndNotRoundInACircle() {
    assertThat(problems(alias("a", "b") + ",\n" + alias("b", "a") + ",\n" + alias("c", "d") + "]}"))
        .hasSizeGreaterThanOrEqualTo(2)
        .anySatisfy(line -> assertThat(line).contains("aliases lead round in a circle"))
        .anySatisfy(line -> assertThat(line).startsWith("6:").contains("d.example.com. A, which"));
  }

  @Test
  void sixteenAliasesAreServedAndSeventeenRefused() {
    StringBuilder chain = new StringBuilder(a("n0", VALUE));
    for (int i = 1; i <= 16; i++) {
      chain.append(",\n").append(alias("n" + i, "n" + (i - 1)));
    }
    assertThat(problems(chain + "]}")).isEmpty();
    chain.append(",\n").append(alias("n17", "n16"));
    assertThat(problems(chain + "]}"))
        .singleElement()
        .asString()
        .contains("aliases lead to aliases more than 16 times");
  }

  @Test
  void anAliasToANameThatIsNotServedHereIsAWarningUnlessItIsOfAddresses() {
    ZoneFolder zones =
        new ZoneFolder(folder)
            .write(
                "example.com.route53.json",
                APEX
                    + alias("x", "lb.elb")
                        .replace("lb.elb.example.com", "lb.elb.test")
                        .replace("\"A\"", "\"TXT\"")
                    + "]}");
    LoadedSet set = zones.load();
    assertThat(SetCompiler.compile(set, dev.meridian.testkit.GeoFixture.database())).isPresent();
    assertThat(set.problems().list())
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .startsWith("example.com.route53.json:4:1: warning: ")
        .contains("x.example.com. TXT: alias to lb.elb.test., which is in no zone served here");
  }

  @Test
  void anAlarmSaysWhatToFillInForIt() {
    ZoneFolder files = new ZoneFolder(folder);
    files.write(
        "health-checks.route53.json",
        """
        {"HealthChecks":[{"Id":"load","HealthCheckConfig":{"Type":"CLOUDWATCH_METRIC",
          "AlarmIdentifier":{"Region":"us-east-1","Name":"too much"},
          "InsufficientDataHealthStatus":"Unhealthy"}}]}
        """);
    files.write(
        "example.com.route53.json", APEX + a("x", "\"HealthCheckId\":\"load\"," + VALUE) + "]}");
    assertThat(files.problems())
        .singleElement()
        .asString()
        .contains("health-checks.route53.json:1:", "warning", "it is healthy")
        .contains("alarm 'too much' of us-east-1", "insufficient-data: unhealthy");
  }
}
