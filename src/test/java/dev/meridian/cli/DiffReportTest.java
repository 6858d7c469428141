package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.analysis.Revision;
import dev.meridian.analysis.SetComparison;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.Pushes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffReportTest {
  private static final GeoDatabase GEO = GeoFixture.database();
  private static final String POLICY = "example.org.policy.yaml";

  @TempDir private Path root;
  private final HealthRegistry registry = new HealthRegistry();

  @Test
  void nothingIsSaidWhereNothingChanges() throws Exception {
    DiffReport report = report(Pushes.before());
    assertThat(report.text()).isEqualTo("old -> new: nothing changes\n");
    assertThat(json(report).path("changed").asBoolean()).isFalse();
  }

  @Test
  void theExampleZonesDoNotDifferFromThemselves() {
    Path zones = Path.of("zones");
    Revision one = Revision.load(zones, GEO, registry);
    Revision other = Revision.load(zones, GEO, registry);

    DiffReport report =
        new DiffReport("old", "new", SetComparison.of(one, other, Map.of()), List.of());
    assertThat(report.text()).isEqualTo("old -> new: nothing changes\n");
  }

  @Test
  void aChangeOfRoutingSaysForWhomAndFromWhereToWhere() throws Exception {
    DiffReport report = report(Pushes.after(POLICY, "FR: a, default: b", "FR: a, default: c"));

    assertThat(report.text()).contains("geo.example.org. A", "b -> c");
    assertThat(report.markdown()).contains("geo.example.org.");
    JsonNode name = json(report).path("names").get(0);
    assertThat(name.path("name").asText()).isEqualTo("geo.example.org.");
    assertThat(name.path("change").asText()).isEqualTo("answers");
    assertThat(name.path("countries").has("US")).isTrue();
    assertThat(name.path("countries").has("FR")).isFalse();
    assertThat(name.path("flows").get(0).path("from").asText()).isEqualTo("b");
  }

  @Test
  void whatComesAndGoesAndLosesRedundancyIsCounted() throws Exception {
    Map<String, String> files = Pushes.after(POLICY, "failover: \\[a, b\\]", "failover: [a]");
    files.computeIfPresent("example.org.zone", (_, text) -> text.replace("old A", "young A"));
    DiffReport report = report(files);

    assertThat(report.text()).contains("1 RRset new", "1 RRset gone", "with less redundancy");
    assertThat(json(report).path("names"))
        .anyMatch(each -> each.path("losesRedundancy").asBoolean());
  }

  @Test
  void whoMayNoLongerAskAndWhoNowMayIsNamed() throws Exception {
    DiffReport closed =
        report(Pushes.after(POLICY, "^", "allow-query: [10.0.0.0/8, 128.0.0.0/1]\n"));
    assertThat(closed.text())
        .contains("zone example.org. will REFUSE ::/0, 64.0.0.0/2, ", "1 zone with other clients")
        .contains(", 100% of IPv6")
        .doesNotContain("will answer");
    JsonNode zone = json(closed).path("zones").get(0);
    assertThat(zone.path("loseAccess").get(0).asText()).isEqualTo("::/0");
    assertThat(zone.path("gainAccess")).isEmpty();
  }

  @Test
  void aSerialThatGoesBackIsNamed() throws Exception {
    DiffReport report = report(Pushes.after("example.org.zone", "2026112800", "7"));
    assertThat(json(report).path("zones").get(0).path("backwards").asBoolean()).isTrue();
  }

  private DiffReport report(Map<String, String> after) {
    return new DiffReport(
        "old",
        "new",
        SetComparison.of(revision("old", Pushes.before()), revision("new", after), Map.of()),
        List.of());
  }

  private Revision revision(String name, Map<String, String> files) {
    Pushes.write(root.resolve(name), files);
    return Revision.load(root.resolve(name), GEO, registry);
  }

  private static JsonNode json(DiffReport report) throws Exception {
    return new ObjectMapper().readTree(report.json());
  }
}
