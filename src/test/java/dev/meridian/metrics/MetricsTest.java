package dev.meridian.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import dev.meridian.testkit.Check;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir private Path folder;

  @Test
  void aScrapeShowsZonesHealthAndBuild() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7))) {
      String page = scrape(new Metrics(server));
      assertThat(page)
          .contains("meridian_dns_requests_total{family=\"1\",proto=\"udp\"} 0.0")
          .contains("meridian_dns_requests_by_type_total{type=\"AAAA\"} 0.0")
          .contains("meridian_dns_responses_total{rcode=\"NXDOMAIN\"} 0.0")
          .contains("meridian_zone_serial{zone=\"example.org.\"} 7.0")
          .contains("check=\"" + ZoneFolder.CHECK + "\"")
          .contains("meridian_ready 1.0")
          .contains("meridian_reload_failures_total 0.0")
          .containsPattern("meridian_reload_success_timestamp_seconds 1\\.\\d+E9")
          .containsPattern("meridian_build_info\\{.*version=\"1.2.3-test\"} 1");
    }
  }

  @Test
  void zonesFollowALoad() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7))) {
      Metrics metrics = new Metrics(server);
      assertThat(scrape(metrics)).contains("meridian_zone_serial{zone=\"example.org.\"} 7.0");
      ZoneFolder.write(folder, 8);
      server.reload("test").join();
      assertThat(scrape(metrics))
          .contains("meridian_zone_serial{zone=\"example.org.\"} 8.0")
          .doesNotContain("example.org.\"} 7.0");
    }
  }

  @Test
  void anEndpointHasWhatItShouldGetAndWhatItGot() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7))) {
      Metrics metrics = new Metrics(server);
      for (int i = 0; i < 3; i++) {
        Asking.udp(server.addresses().getFirst(), Answering.query("www.example.org.", "A"));
      }
      String labels =
          "endpoint=\"%s\",name=\"www.example.org.\",type=\"A\",zone=\"example.org.\"} ";
      List<String> lines = scrape(metrics).lines().toList();
      assertThat(lines)
          .contains("meridian_endpoint_answers_total{" + labels.formatted("a") + "3.0")
          .contains("meridian_endpoint_answers_total{" + labels.formatted("b") + "0.0")
          .contains("meridian_endpoint_expected_share_ratio{" + labels.formatted("a") + "1.0");
    }
  }

  @Test
  void theExamplesHaveOneSeriesForEachEndpointOfAName() throws Exception {
    Map<ConfigKey, String> state = Map.of(ConfigKey.STATE, folder.toString());
    try (Server server = ZoneFolder.serve(Path.of("zones"), state)) {
      assertThat(scrape(new Metrics(server)).lines())
          .filteredOn(
              line -> line.startsWith("meridian_endpoint_answers_total{endpoint=\"dub-1\","))
          .filteredOn(line -> line.contains("name=\"office.example.com.\",type=\"A\""))
          .hasSize(1);
    }
  }

  @Test
  @Check("S110")
  void nothingThatAStrangerAsksMakesASeries() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7))) {
      Metrics metrics = new Metrics(server);
      List<String> before = series(metrics);
      for (int i = 0; i < 200; i++) {
        Asking.udp(
            server.addresses().getFirst(),
            Answering.query("r" + i + ".example.org.", "TYPE" + (1000 + i), "203.0.113.0/24"));
      }
      assertThat(series(metrics)).isEqualTo(before);
    }
  }

  private static List<String> series(Metrics metrics) {
    return scrape(metrics)
        .lines()
        .filter(line -> line.startsWith("meridian_"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .toList();
  }

  @Test
  void endpointsBeyondTheBoundHaveNoSeriesAndAreNumbered() throws Exception {
    Map<ConfigKey, String> one = Map.of(ConfigKey.SHARE_SERIES, "1");
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7), one)) {
      assertThat(scrape(new Metrics(server)))
          .doesNotContain("meridian_endpoint_answers_total")
          .contains("meridian_endpoint_shares_omitted 2.0");
    }
  }

  @Test
  void everySeriesHasHelpAndType() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7))) {
      List<String> lines = scrape(new Metrics(server)).lines().toList();
      for (String line : lines) {
        if (!line.startsWith("#")) {
          String name = line.split("[{ ]", 2)[0];
          assertThat(lines).anyMatch(help -> help.startsWith("# HELP " + name + " "));
          assertThat(lines).anyMatch(type -> type.startsWith("# TYPE " + name + " "));
        }
      }
    }
  }

  @Test
  void promtoolFindsNothingWrong() throws Exception {
    assumeThat(isInstalled("promtool")).as("promtool is not installed").isTrue();
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7))) {
      Process check =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
      check.getOutputStream().write(new Metrics(server).page());
      check.getOutputStream().close();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
    }
  }

  private static String scrape(Metrics metrics) {
    return new String(metrics.page(), StandardCharsets.UTF_8);
  }

  static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Path.of(folder, program).toFile().canExecute());
  }
}
