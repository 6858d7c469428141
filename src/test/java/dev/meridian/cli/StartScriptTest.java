package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/meridian} with a shell script in the place of Java, which says how it was started. */
class StartScriptTest {
  @TempDir private Path home;
  private Path program;

  @BeforeEach
  void install() throws IOException {
    program = Files.createDirectories(home.resolve("a folder/bin")).resolve("meridian");
    Files.copy(Path.of("src/main/dist/bin/meridian"), program);
    Path java = Files.createDirectories(home.resolve("a folder/runtime/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"${LC_ALL-}\"\nfor word; do echo \"$word\"; done\n");
    assertThat(java.toFile().setExecutable(true) && program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void withoutALocaleNamesOfFilesAndWhatIsTypedAreUtf8AllTheSame() throws Exception {
    assertThat(started(Map.of())).startsWith("C.UTF-8\n");
    assertThat(started(Map.of("LANG", "C"))).startsWith("C.UTF-8\n");
    assertThat(started(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "POSIX"))).startsWith("C.UTF-8\n");
  }

  @Test
  void aLocaleOfUtf8Stays() throws Exception {
    assertThat(started(Map.of("LANG", "de_DE.UTF-8"))).startsWith("\n");
    assertThat(started(Map.of("LC_ALL", "en_GB.utf8"))).startsWith("en_GB.utf8\n");
  }

  @Test
  void wordsArriveAsTheyAre() throws Exception {
    assertThat(started(Map.of(), "set", "*", "two words", ""))
        .contains("-Dmeridian.home=" + home.toRealPath().resolve("a folder") + "\n")
        .endsWith("lib/meridian.jar\nset\n*\ntwo words\n\n");
  }

  private String started(Map<String, String> environment, String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder.command().addAll(List.of(words));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("PATH", "/usr/bin:/bin");
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
