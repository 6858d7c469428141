package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code on-all-unhealthy} is explained: by its rule, and without talk of fail-open inside. */
class ExplainedRulesTest {
  private static final String[] DOWN = {
    "--health", "example.org/a/192.0.2.1=down", "--health", "example.org/b/192.0.2.2=down"
  };

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("example.org.zone"), "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1.test.\n");
    Files.writeString(
        folder.resolve("example.org.policy.yaml"),
        """
        health-checks: { hc: { tcp: { port: 80 } } }
        endpoints:
          a: { address: 192.0.2.1, health-check: hc }
          b: { address: 192.0.2.2, health-check: hc }
          sorry: { address: 192.0.2.9 }
        pools:
          both: { failover: [a, b] }
        records:
          no: { failover: [a, b], on-all-unhealthy: nodata }
          fail: { failover: [a, b], on-all-unhealthy: servfail }
          else: { failover: [a, b], on-all-unhealthy: sorry }
          good: { failover: [a, b], on-all-unhealthy: last-good }
          open: { failover: [a, b] }
          next: { failover: [both, sorry] }
        """);
  }

  private String explain(String name, String... health) {
    String[] args = new String[4 + health.length];
    System.arraycopy(health, 0, args, 4, health.length);
    args[0] = "explain";
    args[1] = name + ".example.org";
    args[2] = "--zones";
    args[3] = folder.toString();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(args, print, print)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aRuleIsCalledAsItIsWritten() {
    assertThat(explain("no"))
        .contains("on-all-unhealthy: nodata", "something in it is healthy, so the rule does not");
    assertThat(explain("else")).contains("on-all-unhealthy: sorry", "only if nothing in else is");
  }

  @Test
  void aRuleThatActsSaysWhatItDoes() {
    String nothing = "nothing in it is healthy, so the rule acts: ";
    assertThat(explain("no", DOWN)).contains(nothing + "NODATA").doesNotContain("fail-open");
    assertThat(explain("fail", DOWN)).contains(nothing + "SERVFAIL").doesNotContain("fail-open");
    assertThat(explain("else", DOWN))
        .contains(nothing + "sorry answers", "answers instead, whatever its own health")
        .doesNotContain("fail-open");
  }

  @Test
  void whatIsAnsweredFromMemoryIsMarkedInTheTree() {
    assertThat(explain("good", DOWN))
        .contains("what it answered when something last was, a")
        .contains("=> a [primary]: unhealthy, but answered when something last was healthy")
        .contains("x b [secondary 1]: unhealthy");
  }

  @Test
  void onlyWhatIsAnsweredFromFailsOpen() {
    assertThat(explain("open", DOWN)).contains("so all count as healthy (fail-open)");
    assertThat(explain("next", DOWN)).contains("x a [primary]: unhealthy").doesNotContain("open");
  }
}
