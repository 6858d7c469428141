package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthOverride;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code overrides.yaml} while a server runs. */
class OverridesFileReloadTest {
  private static final String FIRST =
      """
      overrides:
        - { selector: a, action: down, author: ann, reason: rack, until: forever }
        - { selector: a, action: weight=10%, author: ann, reason: new, until: forever }
      """;

  @TempDir private Path folder;

  @Test
  void oneWrongLineIsSaidWithItsPlaceAndWhatWasInForceStays() throws Exception {
    Path zones = ZoneFolder.write(folder, 1);
    write(FIRST);
    try (Server server = ZoneFolder.serve(zones)) {
      assertInForce(server.board());

      ZoneFolder.write(folder, 2);
      write(
          FIRST + "  - { selector: a, action: upp, author: ann, reason: rack, until: forever }\n");
      ReloadResult refused = server.reload("test").join();

      assertThat(refused.ok()).isFalse();
      assertThat(refused.problems())
          .extracting(Problem::toString)
          .containsExactly(
              "overrides.yaml:4:28: 'upp' is none of up, down, drain, freeze, weight=5 and"
                  + " weight=10%");
      assertThat(server.state().generation()).isEqualTo(1);
      assertInForce(server.board());

      write("overrides: []\n");
      assertThat(server.reload("test").join().ok()).isTrue();
      assertThat(server.board().overrides()).isEmpty();
      assertThat(server.board().eligibility().isEligible(0)).isTrue();
      assertThat(server.board().eligibility().isAsWritten()).isTrue();
    }
  }

  private static void assertInForce(HealthBoard board) {
    assertThat(board.overrides())
        .extracting(HealthOverride::text)
        .containsExactly("down by ann: rack", "weight=10% by ann: new");
    assertThat(board.eligibility().isEligible(0)).isFalse();
    assertThat(board.eligibility().weight(0)).isNotNull();
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("overrides.yaml"), text);
  }
}
