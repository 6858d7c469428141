package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.source.Problem;
import dev.meridian.testkit.GeoFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far policies, pools and aliases may lead to one another. */
class PolicyDepthTest {
  /** Five lines before the case. */
  private static final String HEAD =
      """
      endpoints:
        fra: { address: 192.0.2.10 }
        dub: { address: 192.0.2.20 }
      records:
        used: { failover: [fra, dub] }
      """;

  @TempDir private Path folder;

  @Test
  void policiesNestSixteenDeepAndNoDeeper() {
    String fits = "{ failover: [ ".repeat(15) + "fra" + " ] }".repeat(15);
    assertThat(new ZoneFolder(folder).policy(HEAD + "  w: " + fits + "\n").problems()).isEmpty();

    String tooDeep = "{ failover: [ ".repeat(16) + "fra" + " ] }".repeat(16);
    assertThat(new ZoneFolder(folder).policy(HEAD + "  w: " + tooDeep + "\n").problems())
        .containsExactly("example.com.policy.yaml:6:8: policies are nested more than 16 deep");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sixteenAliasesLeadToAPolicyAndNoMore(boolean ascending) {
    assertThat(chainOfAliases(16, ascending)).isEmpty();
    assertThat(chainOfAliases(17, ascending))
        .singleElement()
        .asString()
        .endsWith("aliases lead to aliases more than 16 times");
  }

  /** From n1, which leads to a policy, to the last, which leads to the one before. */
  private List<String> chainOfAliases(int length, boolean ascending) {
    List<String> lines = new ArrayList<>(List.of("  n0: { weighted: { fra: 1, dub: 1 } }\n"));
    for (int i = 1; i <= length; i++) {
      lines.add("  n" + i + ": { alias: n" + (i - 1) + " }\n");
    }
    List<String> written = ascending ? lines : lines.reversed();
    LoadedSet set = new ZoneFolder(folder).policy(HEAD + String.join("", written)).load();
    SetCompiler.compile(set, GeoFixture.database());
    return set.problems().list().stream().map(Problem::toString).toList();
  }

  @Test
  void poolsInPoolsCountAsDeepAsTheyLead() {
    StringBuilder text = new StringBuilder("pools:\n  p0: { failover: [fra, dub] }\n");
    for (int i = 1; i <= 13; i++) {
      text.append("  p").append(i).append(": { weighted: [ ");
      for (int j = 0; j < 2; j++) {
        text.append("{ weight: 1, answer: { failover: [p").append(i - 1).append("] } }, ");
      }
      text.append("] }\n");
    }

    assertThat(new ZoneFolder(folder).policy(HEAD + text).problems())
        .anySatisfy(line -> assertThat(line).endsWith("policies are nested more than 16 deep"));
  }
}
