package dev.meridian.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthMonitor;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRules;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneFolder;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of each kind of Route 53's health checks. */
class Route53HealthChecksTest {
  private static final GeoDatabase GEO = GeoFixture.database();
  private static final String ZONE =
      """
      {"ResourceRecordSets":[
      {"Name":"example.com.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":"ns. h. 1 2 3 4 5"}]},
      {"Name":"example.com.","Type":"NS","TTL":60,"ResourceRecords":[{"Value":"ns.example.net."}]},
      {"Name":"x.example.com.","Type":"A","SetIdentifier":"a","MultiValueAnswer":true,"TTL":60,
       "ResourceRecords":[{"Value":"192.0.2.1"}],"HealthCheckId":"c"}]}
      """;
  @TempDir private Path folder;

  private ZoneFolder files(String config) {
    return new ZoneFolder(folder)
        .write("example.com.route53.json", ZONE)
        .write(
            "health-checks.route53.json",
            "{\"HealthChecks\":[\n{\"Id\":\"c\",\"HealthCheckConfig\":{"
                + config.replace('\'', '"')
                + "}}]}");
  }

  private HealthCheck check(String config) {
    LoadedSet set = files(config).load();
    assertThat(set.problems().list()).isEmpty();
    return SetCompiler.compile(set, GEO).orElseThrow().checks().iterator().next();
  }

  @ParameterizedTest
  @CsvSource({
    "TCP,             tcp",
    "HTTP,            http",
    "HTTPS,           http",
    "HTTP_STR_MATCH,  http",
    "HTTPS_STR_MATCH, http",
  })
  void withoutIpAddressItIsProbedWhereTheNameLeads(String type, String word) {
    HealthCheck check =
        check(
            "'Type':'%s','Port':8080,'SearchString':'ok','FullyQualifiedDomainName':'lb.example.net'"
                .formatted(type));

    assertThat(check.address()).isNull();
    assertThat(check.name()).isEqualTo(DomainName.parse("lb.example.net."));
    assertThat(check.kind().word()).isEqualTo(word);
    assertThat(check.kind().port()).isEqualTo(8080);
    assertThat(check.kind().tls() != null).isEqualTo(type.startsWith("HTTPS"));
  }

  @Test
  void withIpAddressTheNameIsOnlyAskedFor() {
    HealthCheck check =
        check("'Type':'HTTP','IPAddress':'192.0.2.7','FullyQualifiedDomainName':'lb.example.net'");

    assertThat(check.target()).isEqualTo("192.0.2.7");
    assertThat(check.name()).isNull();
    assertThat(((CheckKind.Http) check.kind()).host()).isEqualTo("lb.example.net");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'Type':'TCP','Port':1 | 'c' needs an address to probe",
        "'Type':'TCP','Port':1,'IPAddress':'192.0.2.0/24' | '192.0.2.0/24' is not an IPv4 or IPv6",
        "'Type':'TCP','Port':1,'IPAddress':'169.254.169.254' | 169.254.169.254 is a link-local",
        "'Type':'CLOUDWATCH_METRIC' | otherwise. In a policy file: metric: { server: <Prometheus>",
        "'Type':'CLOUDWATCH_METRIC','Inverted':true | warning: health check c (CLOUDWATCH_METRIC)"
            + " cannot be probed here; it is unhealthy, because it is Inverted, unless",
        "'Type':'RECOVERY_CONTROL' | health check c (RECOVERY_CONTROL) cannot be probed here; it is",
      },
      quoteCharacter = '`')
  void whatCannotBeProbedIsSaid(String config, String problem) {
    assertThat(files(config).problems())
        .singleElement()
        .asString()
        .startsWith("health-checks.route53.json:2:")
        .contains(problem);
  }

  /** What Route 53 takes for its state before there is data, until a person says otherwise. */
  @ParameterizedTest
  @CsvSource({
    "CLOUDWATCH_METRIC, false, false, true",
    "CLOUDWATCH_METRIC, true,  false, false",
    "RECOVERY_CONTROL,  false, false, true",
    "RECOVERY_CONTROL,  true,  false, false",
    "RECOVERY_CONTROL,  false, true,  true",
    "RECOVERY_CONTROL,  true,  true,  false",
  })
  void whatCannotBeProbedIsFixedUnlessOverridden(
      String type, boolean inverted, boolean disabled, boolean healthy) {
    ZoneFolder files =
        files("'Type':'%s','Inverted':%s,'Disabled':%s".formatted(type, inverted, disabled));
    CompiledSet set = SetCompiler.compile(files.load(), GEO).orElseThrow();
    HealthMonitor monitor =
        new HealthMonitor(
            files.registry(), () -> Instant.EPOCH, () -> 0, HealthRules.PLAIN, _ -> {}, _ -> {});
    monitor.define(set.checks());
    assertThat(isHealthy(monitor)).isEqualTo(healthy);

    HealthOverride.Action other = healthy ? HealthOverride.Action.DOWN : HealthOverride.Action.UP;
    monitor.override(List.of(new HealthOverride("c", other, "ann", "drill", Instant.EPOCH, null)));
    assertThat(isHealthy(monitor)).isNotEqualTo(healthy);
  }

  private static boolean isHealthy(HealthMonitor monitor) {
    return Objects.requireNonNull(monitor.board().status("c")).standing().healthy();
  }

  @Test
  void anInvertedAlarmIsUnhealthyInWhatIsImportedToo() {
    files("'Type':'CLOUDWATCH_METRIC','Inverted':true");
    Route53Import.Result imported =
        Route53Import.read(
            List.of(
                folder.resolve("example.com.route53.json"),
                folder.resolve("health-checks.route53.json")),
            LoadLimits.DEFAULT);
    Route53Import.Files zone = imported.zones().getFirst();
    ZoneFolder written =
        new ZoneFolder(folder.resolve("imported"))
            .write("example.com.zone", zone.zone())
            .write("example.com.policy.yaml", zone.policy().orElseThrow());
    LoadedSet set = written.load();
    assertThat(set.problems().list()).isEmpty();
    assertThat(set.checks())
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.kind()).isEqualTo(new CheckKind.Calculated(List.of(), 0));
              assertThat(check.settings().inverted()).isTrue();
            });
  }

  @Test
  void importAndExportKeepTheName() {
    for (String type : List.of("TCP", "HTTP")) {
      files(
          "'Type':'"
              + type
              + "','Port':8080,'FullyQualifiedDomainName':'lb.example.net','RequestInterval':10,"
              + "'FailureThreshold':2");
      List<Path> listings =
          List.of(
              folder.resolve("example.com.route53.json"),
              folder.resolve("health-checks.route53.json"));
      String policy =
          String.join("", importedTexts(Route53Import.read(listings, LoadLimits.DEFAULT)));
      assertThat(policy).contains("address: lb.example.net", "interval: 10s");
    }
    var exported =
        Route53Export.of(
            folder,
            LoadLimits.DEFAULT,
            new Route53Export.Options(DomainName.ROOT, "Z1", false),
            GEO);
    assertThat(exported.files().get("health-checks.route53.json"))
        .containsPattern("\"FullyQualifiedDomainName\" ?: ?\"lb.example.net\"")
        .containsPattern("\"RequestInterval\" ?: ?10")
        .doesNotContain("IPAddress");
  }

  private static List<String> importedTexts(Route53Import.Result result) {
    return result.zones().stream().map(Object::toString).toList();
  }
}
