package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Observation;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks of kind metric as they stand in a policy file, against the Prometheus of Debian's package
 * {@code prometheus}, which lets nobody in without a password.
 */
class RealPrometheusTest {
  private static final String PASSWORD = "s3cret-password";

  /** Of the password, by bcrypt: Prometheus keeps no others. */
  private static final String HASH = "$2b$04$abcdefghijklmnopqrstuuC7SXhJX4cg91gnoj6MHausKQZwb/cSe";

  private static final int PORT = FreePort.on("127.0.0.1");
  private static final Path PROGRAM = Path.of("/usr/bin/prometheus");

  @TempDir private static Path folder;
  private static Process prometheus;

  private final ProbeRunner runner = new ProbeRunner();

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "skipped: the package prometheus is not installed");
    Path config = Files.writeString(folder.resolve("prometheus.yml"), "scrape_configs: []\n");
    Path web =
        Files.writeString(
            folder.resolve("web.yml"), "basic_auth_users: { ann: \"" + HASH + "\" }\n");
    prometheus =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--config.file=" + config,
                "--web.config.file=" + web,
                "--web.listen-address=127.0.0.1:" + PORT,
                "--storage.tsdb.path=" + folder.resolve("data"))
            .redirectErrorStream(true)
            .start();
    var log = prometheus.inputReader();
    String line = log.readLine();
    while (line != null && !line.contains("Server is ready")) {
      line = log.readLine();
    }
    assertThat(line).as("the log of Prometheus says that it is ready").isNotNull();
    Thread.ofVirtual().start(() -> drain(log));
  }

  private static void drain(java.io.BufferedReader log) {
    try {
      log.transferTo(java.io.Writer.nullWriter());
    } catch (IOException e) {
      // it has ended
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (prometheus != null) {
      prometheus.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @AfterEach
  void close() {
    runner.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vector(0.2)                        | < 0.5  | last-known | OK",
        "vector(0.7)                        | < 0.5  | healthy    | METRIC_BREACH",
        "vector(0.7)                        | >= 0.7 | last-known | OK",
        "scalar(vector(7))                  | == 7   | last-known | OK",
        "vector(1) / 0                      | < 5    | last-known | METRIC_BREACH",
        "no_such_series                     | < 5    | last-known | INSUFFICIENT_DATA",
        "no_such_series                     | < 5    | healthy    | OK",
        "no_such_series                     | < 5    | unhealthy  | RESPONSE_UNEXPECTED",
        "vector(0) / 0                      | < 5    | last-known | INSUFFICIENT_DATA",
        "sum(rate(                          | < 5    | last-known | INSUFFICIENT_DATA",
        "vector(9) or on() no_such{a=\"é&=+ %\"} | < 5    | last-known | METRIC_BREACH",
      })
  void aQueryIsAsked(String query, String healthy, String rule, Observation.Reason reason)
      throws Exception {
    String more = "insufficient-data: " + rule + ", user: ann, password-file: password";
    Observation seen = runner.run(check(query, healthy, more));

    assertThat(seen.reason()).as(seen.text()).isEqualTo(reason);
  }

  @Test
  void whoIsNotLetInHasInsufficientData() throws Exception {
    Observation seen = runner.run(check("vector(1)", "< 5", "insufficient-data: last-known"));
    assertThat(seen.text()).contains("401");
    assertThat(seen.reason()).isEqualTo(Observation.Reason.INSUFFICIENT_DATA);
  }

  /** A check as the policy file has it. */
  private static CheckKind check(String query, String healthy, String more) throws IOException {
    Path zones = Files.createDirectories(folder.resolve("zones"));
    Files.writeString(zones.resolve("password"), PASSWORD + "\n");
    Files.writeString(
        zones.resolve("example.org.zone"),
        "$TTL 300\n@ SOA ns1 host 1 3600 600 86400 60\n@ NS ns1\nns1 A 192.0.2.1\n");
    Files.writeString(
        zones.resolve("example.org.policy.yaml"),
        """
        health-checks:
          load:
            metric:
              { server: 127.0.0.1, port: %d, query: '%s', healthy: '%s', %s }
        endpoints: { a: { address: 192.0.2.10, health-check: load } }
        records: { www: { endpoint: a } }
        """
            .formatted(PORT, query.replace("'", "''"), healthy, more));
    LoadedSet set = ZoneSetLoader.load(zones, LoadLimits.DEFAULT, new HealthRegistry());
    assertThat(set.problems().list()).isEqualTo(List.of());
    return set.zones().getFirst().checks().getFirst().kind();
  }
}
