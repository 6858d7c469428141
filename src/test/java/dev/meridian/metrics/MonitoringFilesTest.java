package dev.meridian.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules and the dashboard in {@code docker/} go by names that this server exports. */
class MonitoringFilesTest {
  private static final Pattern SERIES = Pattern.compile("\\b(?:meridian|process|jvm)_[a-z_]+");

  /** There with the first probe, for which this test does not wait. */
  private static final Set<String> LATER = Set.of("meridian_endpoint_check_duration_seconds");

  /** Nobody listens there. */
  private static final Map<ConfigKey, String> WITH_A_WEBHOOK =
      Map.of(ConfigKey.ALERT_URL, "http://127.0.0.1:1/");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"docker/prometheus/rules.yml", "docker/grafana/dashboards/meridian.json"})
  void everySeriesThatIsAskedForIsThere(String file) throws Exception {
    Set<String> asked = names(Files.readString(Path.of(file)));
    assertThat(asked).hasSizeGreaterThan(5);
    asked.removeAll(LATER);
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7), WITH_A_WEBHOOK)) {
      assertThat(names(new String(new Metrics(server).page(), StandardCharsets.UTF_8)))
          .containsAll(asked);
    }
  }

  private static Set<String> names(String text) {
    return SERIES
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void promtoolFindsNothingWrongWithTheRules() throws Exception {
    assumeThat(MetricsTest.isInstalled("promtool")).as("promtool is not installed").isTrue();
    Process check =
        new ProcessBuilder("promtool", "check", "config", "docker/prometheus/prometheus.yml")
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(said).isZero();
  }
}
