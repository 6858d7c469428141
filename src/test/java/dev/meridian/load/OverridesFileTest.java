package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.LoadLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesFileTest {
  private static final String FINE = "author: ann, reason: rack, until: forever";

  @TempDir private Path folder;

  @Test
  void saysWhoDecidedWhatForHowLong() throws IOException {
    LoadedSet set =
        load(
            """
            overrides:
              - selector: "*"
                action: freeze
                author: ann
                reason: audit
                until: 2100-03-01T12:00:00+01:00
              - { selector: a, action: up, author: bob, reason: fine, until: forever }
              - { selector: a, action: weight=10%, author: bob, reason: new, until: forever }
            """);

    assertThat(set.problems().hasErrors()).isFalse();
    assertThat(set.overrides())
        .extracting(HealthOverride::text)
        .containsExactly("freeze by ann: audit", "up by bob: fine", "weight=10% by bob: new");
    assertThat(set.overrides().getFirst().expires())
        .isEqualTo(Instant.parse("2100-03-01T11:00:00Z"));
    assertThat(set.overrides().getLast().expires()).isNull();
    assertThat(set.overrides())
        .extracting(HealthOverride::origin)
        .containsOnly(HealthOverride.Origin.FILE);
  }

  @Test
  void mayBeEmptyOrMissing() throws IOException {
    assertThat(load("overrides: []").problems().hasErrors()).isFalse();
    Files.delete(folder.resolve("overrides.yaml"));
    assertThat(load().overrides()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ selector: a, action: dwn, FINE } | 1:37: 'dwn' is none of up, down, drain, freeze,"
            + " weight=5 and weight=10%",
        "{ selector: a, action: up, author: ann, reason: rack, until: soon }"
            + " | 1:75: 'soon' is neither forever nor a time such as 2026-03-01T12:00:00Z",
        "{ selector: a, action: up, author: ann, reason: rack }"
            + " | 1:14: an override needs 'until': a time, or forever",
        "{ selector: a, action: weight=-1, FINE }"
            + " | 1:37: '-1' is no weight: a number such as 5, or a part of the one written: 10%",
        "{ selector: a, action: weight=101%, FINE }"
            + " | 1:37: a weight of 101% is not in 0..100%",
        "{ selector: zz, action: up, FINE }"
            + " | 1:14: warning: no health check is meant by 'zz'; it has no effect",
      })
  void aMistakeIsSaidWhereItIs(String item, String problem) throws IOException {
    LoadedSet set = load("overrides: [ " + item.replace("FINE", FINE) + " ]");

    assertThat(set.problems().list()).hasToString("[overrides.yaml:" + problem + "]");
  }

  @Test
  void allMistakesOfAnOverrideAreSaidAtOnce() throws IOException {
    LoadedSet set = load("overrides: [ { action: dwn, author: ann, until: soon } ]");

    assertThat(set.problems().list())
        .hasToString(
            "[overrides.yaml:1:14: an override needs 'selector',"
                + " overrides.yaml:1:14: an override needs 'reason',"
                + " overrides.yaml:1:24: 'dwn' is none of up, down, drain, freeze,"
                + " weight=5 and weight=10%,"
                + " overrides.yaml:1:49: 'soon' is neither forever nor a time such as"
                + " 2026-03-01T12:00:00Z]");
  }

  /** What the schema marks in an editor is what the reader refuses. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ selector: a, action: up, FINE }",
        "{ selector: a, action: up, author: 7, reason: 4711, until: forever }",
        "{ selector: a, action: up, author: ann, reason: rack, until: 2100-01-01T00:00:00Z }",
        "{ selector: a, action: up, author: ann, reason: rack, until: '2100-01-01T00:00+05:30' }",
        "{ selector: a, action: weight=0, FINE }",
        "{ selector: a, action: weight=3999999999, FINE }",
        "{ selector: a, action: weight=100%, FINE }",
        "{ selector: a, action: weight=101%, FINE }",
        "{ selector: a, action: weight=5 %, FINE }",
        "{ selector: a, action: weight, FINE }",
        "{ selector: a, action: auto, FINE }",
        "{ selector: a, action: Up, FINE }",
        "{ selector: '', action: up, FINE }",
        "{ selector: ' ', action: up, FINE }",
        "{ selector: a, action: up, author: \"a\\nb\", reason: rack, until: forever }",
        "{ selector: a, action: up, author: ann, reason: rack, until: tomorrow }",
        "{ selector: a, action: up, author: ann, reason: rack, until: 2100-01-01 }",
        "{ selector: a, action: up, author: ann, reason: rack }",
        "{ selector: a, action: up, for: 4h, FINE }",
        "[ a, up ]",
      })
  void theSchemaAgreesWithTheReader(String item) throws IOException {
    String yaml = "overrides: [ " + item.replace("FINE", FINE) + " ]";

    assertThat(PolicySchema.violationsInOverrides(yaml).isEmpty())
        .as(yaml + load(yaml).problems().list())
        .isEqualTo(!load(yaml).problems().hasErrors());
  }

  @Test
  void aFileWithoutAListIsRefused() throws IOException {
    assertThat(load("overrides:").problems().list())
        .hasToString(
            "[overrides.yaml:1:1: write 'overrides:' with a list below it; 'overrides: []'"
                + " for none]");
  }

  private LoadedSet load(String overrides) throws IOException {
    Files.writeString(folder.resolve("overrides.yaml"), overrides);
    return load();
  }

  private LoadedSet load() throws IOException {
    Files.writeString(
        folder.resolve("example.org.zone"),
        "$TTL 300\n@ SOA ns1 host 1 3600 600 86400 60\n@ NS ns1\nns1 A 192.0.2.1\n");
    Files.writeString(
        folder.resolve("example.org.policy.yaml"),
        """
        health-checks: { web: { tcp: { port: 80 } } }
        endpoints: { a: { address: 192.0.2.10, health-check: web } }
        records: { www: { endpoint: a } }
        """);
    return ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
  }
}
