package dev.meridian.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.exchange.Route53Import.Instance;
import dev.meridian.exchange.Route53Import.Result;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document imports as the record sets would that it stands for. */
class Route53TrafficPolicyTest {
  private static final String APEX =
      """
      {"Name":"t.test.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 7200 900 1209600 86400"}]},
      {"Name":"t.test.","Type":"NS","TTL":900,"ResourceRecords":[{"Value":"ns.other.test."}]}
      """;
  private static final String CHECKS =
      """
      {"HealthChecks":[{"Id":"h","HealthCheckConfig":{"Type":"TCP","IPAddress":"192.0.2.77","Port":443}}]}
      """;
  private static final Instance WWW = new Instance(DomainName.parse("www.t.test."), 30);

  @TempDir private Path folder;

  private Result read(String sets, Optional<Instance> instance, String... documents)
      throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(
        Files.writeString(
            folder.resolve("zone.json"), "{\"ResourceRecordSets\":[" + APEX + sets + "]}"));
    files.add(Files.writeString(folder.resolve("checks.json"), CHECKS));
    for (String document : documents) {
      files.add(Files.writeString(folder.resolve("policy-" + files.size() + ".json"), document));
    }
    return Route53Import.read(files, LoadLimits.DEFAULT, instance);
  }

  private static String document(String start, String endpoints, String rules) {
    return "{\"AWSPolicyFormatVersion\":\"2015-10-01\",\"RecordType\":\"A\",\n"
        + start
        + ",\n\"Endpoints\":{\n"
        + endpoints
        + "},\n\"Rules\":{\n"
        + rules
        + "}}";
  }

  private static String endpoint(String id, int last) {
    return "\"" + id + "\":{\"Type\":\"value\",\"Value\":\"192.0.2." + last + "\"}";
  }

  private static String set(String name, String id, String routing, String rest) {
    return ",\n{\"Name\":\""
        + name
        + ".t.test.\",\"Type\":\"A\",\"SetIdentifier\":\""
        + id
        + "\","
        + routing
        + ","
        + rest
        + "}";
  }

  private static String value(int last) {
    return "\"TTL\":30,\"ResourceRecords\":[{\"Value\":\"192.0.2." + last + "\"}]";
  }

  private static String alias(String to, boolean evaluate) {
    return "\"AliasTarget\":{\"HostedZoneId\":\"Z\",\"DNSName\":\""
        + to
        + ".t.test.\",\"EvaluateTargetHealth\":"
        + evaluate
        + "}";
  }

  private void assertAlike(Result document, Result records) {
    assertThat(document.zones()).as("%s", document.problems()).hasSize(1);
    assertThat(records.zones()).as("%s", records.problems()).hasSize(1);
    assertThat(policy(document)).isEqualTo(policy(records));
    assertThat(document.zones().getFirst().zone()).isEqualTo(records.zones().getFirst().zone());
  }

  /** Without what a person should look at, whose places differ. */
  private static String policy(Result result) {
    return result.zones().getFirst().policy().orElse("").replaceFirst("(?s)\n# The import.*", "");
  }

  @Test
  void aRuleThatSeveralReferToIsThereOnce() throws IOException {
    String rules =
        """
        "start": {"RuleType":"geo","Locations":[
          {"RuleReference":"pool","Continent":"EU","EvaluateTargetHealth":true},
          {"RuleReference":"pool","Country":"US","Subdivision":"WA","EvaluateTargetHealth":false},
          {"EndpointReference":"c","IsDefault":true}]},
        "pool": {"RuleType":"failover",
          "Primary":{"EndpointReference":"a","HealthCheck":"h"},
          "Secondary":{"RuleReference":"some"}},
        "some": {"RuleType":"weighted","Items":[
          {"EndpointReference":"a","Weight":"3"},{"EndpointReference":"b","Weight":1,"HealthCheck":"h"}]}
        """;
    Result imported =
        read(
            ",{\"Name\":\"www.t.test.\",\"Type\":\"A\",\"TTL\":9,\"TrafficPolicyInstanceId\":\"i\"}",
            Optional.of(WWW),
            document(
                "\"StartRule\":\"start\"",
                endpoint("a", 1) + "," + endpoint("b", 2) + "," + endpoint("c", 3),
                rules));
    String places =
        set("www", "pool", "\"GeoLocation\":{\"ContinentCode\":\"EU\"}", alias("_pool.www", true))
            + set(
                "www",
                "pool-2",
                "\"GeoLocation\":{\"CountryCode\":\"US\",\"SubdivisionCode\":\"WA\"}",
                alias("_pool.www", false))
            + set("www", "c", "\"GeoLocation\":{\"CountryCode\":\"*\"}", value(3));
    String below =
        set("_pool.www", "a", "\"Failover\":\"PRIMARY\",\"HealthCheckId\":\"h\"", value(1))
            + set("_pool.www", "some", "\"Failover\":\"SECONDARY\"", alias("_some.www", true))
            + set("_some.www", "a", "\"Weight\":3", value(1))
            + set("_some.www", "b", "\"Weight\":1,\"HealthCheckId\":\"h\"", value(2));
    assertAlike(imported, read(places + below, Optional.empty()));
  }

  @Test
  void regionsCoordinatesAndBiasAreThoseOfRecordSets() throws IOException {
    String rules =
        """
        "near": {"RuleType":"geoproximity","GeoproximityLocations":[
          {"EndpointReference":"a","Region":"aws:route53:eu-west-1","Bias":"-10"},
          {"EndpointReference":"b","LocalZoneGroup":"us-west-2-den-1"},
          {"RuleReference":"fast","Latitude":"48.9","Longitude":"2.4","Bias":20}]},
        "fast": {"RuleType":"latency","Regions":[
          {"EndpointReference":"a","Region":"us-east-1"},{"RuleReference":"any","Region":"eu-west-1"}]},
        "any": {"RuleType":"multivalue","Items":[
          {"EndpointReference":"a","HealthCheck":"h"},{"EndpointReference":"b"}]}
        """;
    Result imported =
        read(
            "",
            Optional.of(WWW),
            document("\"StartRule\":\"near\"", endpoint("a", 1) + "," + endpoint("b", 2), rules)
                .replace("2015-10-01", "2023-05-09"));
    String near = "\"GeoProximityLocation\":";
    String sites =
        set("www", "a", near + "{\"AWSRegion\":\"eu-west-1\",\"Bias\":-10}", value(1))
            + set("www", "b", near + "{\"LocalZoneGroup\":\"us-west-2-den-1\"}", value(2))
            + set(
                "www",
                "fast",
                near
                    + "{\"Coordinates\":{\"Latitude\":\"48.9\",\"Longitude\":\"2.4\"},\"Bias\":20}",
                alias("_fast.www", true));
    String below =
        set("_fast.www", "a", "\"Region\":\"us-east-1\"", value(1))
            + set("_fast.www", "any", "\"Region\":\"eu-west-1\"", alias("_any.www", true))
            + set("_any.www", "a", "\"MultiValueAnswer\":true,\"HealthCheckId\":\"h\"", value(1))
            + set("_any.www", "b", "\"MultiValueAnswer\":true", value(2));
    assertAlike(imported, read(sites + below, Optional.empty()));
  }

  @Test
  void aStartEndpointIsOneRecordSet() throws IOException {
    Result imported =
        read("", Optional.of(WWW), document("\"StartEndpoint\":\"a\"", endpoint("a", 1), ""));
    assertThat(imported.zones()).as("%s", imported.problems()).hasSize(1);
    assertThat(imported.zones().getFirst().zone()).contains("www", "30", "192.0.2.1");
  }

  @Test
  void allThatIsWrongIsToldAtItsPlaceInTheDocument() throws IOException {
    String rules =
        """
        "start": {"RuleType":"weighted","Items":[
          {"EndpointReference":"nowhere","Weight":1},
          {"RuleReference":"odd","Weight":1},
          {"Weight":1}]},
        "odd": {"RuleType":"random"},
        "lost": {"RuleType":"multivalue","Items":[]}
        """;
    Result imported =
        read(
            "",
            Optional.of(WWW),
            document("\"StartRule\":\"start\"", endpoint("a", 1), rules)
                .replace("2015-10-01", "2031-01-01"));
    assertThat(imported.zones()).isEmpty();
    assertThat(imported.problems())
        .extracting(Problem::toString)
        .anyMatch(line -> line.contains("policy-2.json:1:") && line.contains("2031-01-01"))
        .anyMatch(line -> line.contains("policy-2.json:7:") && line.contains("no 'nowhere'"))
        .anyMatch(line -> line.contains("policy-2.json:9:") && line.contains("a RuleReference"))
        .anyMatch(line -> line.contains("policy-2.json:10:") && line.contains("not 'random'"))
        .anyMatch(line -> line.contains("refers to 'lost'"))
        .anyMatch(line -> line.contains("refers to 'a'"));
  }

  @Test
  void aCircleOfRulesIsAnError() throws IOException {
    String rules =
        """
        "one": {"RuleType":"weighted","Items":[{"RuleReference":"two","Weight":1}]},
        "two": {"RuleType":"weighted","Items":[{"RuleReference":"one","Weight":1}]}
        """;
    Result imported = read("", Optional.of(WWW), document("\"StartRule\":\"one\"", "", rules));
    assertThat(imported.zones()).isEmpty();
    assertThat(imported.problems()).anyMatch(Problem::isError);
  }

  @Test
  void aDocumentNeedsANameInAZoneThatIsGiven() throws IOException {
    String document = document("\"StartEndpoint\":\"a\"", endpoint("a", 1), "");
    Instance outside = new Instance(DomainName.parse("www.other.test."), 60);
    for (Optional<Instance> instance : List.of(Optional.<Instance>empty(), Optional.of(outside))) {
      Result imported = read("", instance, document);
      assertThat(imported.zones()).isEmpty();
      assertThat(imported.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.toString()).contains("--name"));
    }
  }

  @Test
  void aSlipOfTheHandIsToldWithWhatWasMeant() throws IOException {
    String policy =
        document(
            "\"StartRule\":\"r\",\"StartEndpont\":\"a\"",
            "\"a\":{\"Type\":\"value\",\"Vale\":\"192.0.2.1\",\"Value\":\"192.0.2.1\"}",
            """
            "r":{"RuleType":"weighted","Itms":[],"Items":[
            {"EndpointReference":"a","Wieght":"1","Weight":"1"}]}
            """);

    assertThat(read("", Optional.of(WWW), policy).problems())
        .extracting(Problem::message)
        .contains(
            "a traffic policy has no field 'StartEndpont'; did you mean 'StartEndpoint'?",
            "an endpoint has no field 'Vale'; did you mean 'Value'?",
            "a rule has no field 'Itms'; did you mean 'Items'?",
            "a branch of weighted has no field 'Wieght'; did you mean 'Weight'?");
  }

  @Test
  void aNameThatPlacesNothingIsTold() throws IOException {
    Instance elsewhere = new Instance(DomainName.parse("www.other.test."), 30);
    String policy = document("\"StartEndpoint\":\"a\"", endpoint("a", 1), "");

    assertThat(read("", Optional.of(elsewhere), policy).problems())
        .extracting(Problem::message)
        .containsExactly("--name www.other.test. is in no zone that is given here: t.test");
    assertThat(read("", Optional.of(WWW)).problems())
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .contains("zone.json:1:1: ", "--name is for traffic policies");
  }

  @Test
  void filesWithoutAZoneAreToldInTheFirstOfThem() throws IOException {
    Path checks = Files.writeString(folder.resolve("checks.json"), CHECKS);

    assertThat(Route53Import.read(List.of(checks), LoadLimits.DEFAULT).problems())
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .startsWith(checks + ":1:1: no zone is in these files");
  }
}
