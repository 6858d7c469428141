package dev.meridian.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/CONFIG.md} equal to {@link ConfigKey}. {@code -Ddocs.update=true} writes it
 * anew.
 */
class ConfigDocsTest {
  private static final Path PAGE = Path.of("docs", "CONFIG.md");

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Made from ConfigKey by ConfigDocsTest; `mvn test -Dtest=ConfigDocsTest -Ddocs.update=true` \
      writes it anew. -->

      Every setting is a flag of `meridian serve` and a key of the YAML file that `--config FILE` names.
      A flag wins over the file. Relative paths start at the folder the command is run in. Unknown keys
      are refused; every problem is printed as `file:line:column: message`.

      ```yaml
      zones: /etc/meridian/zones
      listen: [ "192.0.2.53:53", "[2001:db8::53]:53" ]
      drain: 5s
      ```

      """;

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    String page = INTRODUCTION + rows();
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/CONFIG.md is stale; run with -Ddocs.update=true")
        .isEqualTo(page);
  }

  private static String rows() {
    StringBuilder text = new StringBuilder();
    for (ConfigKey key : ConfigKey.values()) {
      text.append("## `").append(key.key()).append("`\n\n").append(key.doc()).append("\n\n");
      text.append("- Flag: `--").append(key.key()).append(' ').append(key.placeholder());
      text.append(key.repeatable() ? "`, may be repeated; a list in the file\n" : "`\n");
      text.append("- Allowed: ").append(key.range()).append('\n');
      if (!key.unit().isEmpty()) {
        text.append("- Unit: ").append(key.unit()).append('\n');
      }
      text.append("- Default: ").append(defaults(key.defaults())).append("\n\n");
    }
    return text.toString().stripTrailing() + "\n";
  }

  private static String defaults(List<String> defaults) {
    return defaults.isEmpty() ? "none" : "`" + String.join("`, `", defaults) + "`";
  }
}
