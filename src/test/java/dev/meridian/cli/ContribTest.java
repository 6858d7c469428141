package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files that repositories of zones take over are whole, and say nothing that is not so. */
class ContribTest {
  private static final Path CONTRIB = Path.of("contrib");
  private static final Pattern COMMAND = Pattern.compile("meridian ([a-z]+) (.*)");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

  @ParameterizedTest
  @ValueSource(strings = {"zones.github.yml", "zones.gitlab-ci.yml", "pre-commit"})
  void everyCommandAndOptionExists(String file) throws Exception {
    Matcher command = COMMAND.matcher(Files.readString(CONTRIB.resolve(file)));
    int commands = 0;
    while (command.find()) {
      String help = help(command.group(1));
      Matcher option = OPTION.matcher(command.group(2));
      while (option.find()) {
        assertThat(help).contains(option.group());
      }
      commands++;
    }
    assertThat(commands).isGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zones.github.yml", "zones.gitlab-ci.yml"})
  void pipelinesAreYaml(String file) throws Exception {
    Load yaml = new Load(LoadSettings.builder().build());
    assertThat(yaml.loadFromString(Files.readString(CONTRIB.resolve(file))))
        .asString()
        .contains("check zones");
  }

  @Test
  void theHookIsAScriptThatCanBeRun() throws Exception {
    Path hook = CONTRIB.resolve("pre-commit");
    assertThat(hook).isExecutable();
    Process shell = new ProcessBuilder(List.of("sh", "-n", hook.toString())).inheritIO().start();
    assertThat(shell.waitFor()).isZero();
  }

  /** The program is a script that notes what it is asked to look at. */
  @Test
  void theHookLooksAtWhatIsStagedAndNotAtWhatLiesInTheFolder(@TempDir Path folder)
      throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path program = bin.resolve("meridian");
    Files.writeString(
        program, "#!/bin/sh\necho \"$*: $(cat zones/a.example.zone)\" >> '" + folder + "/asked'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path zone = folder.resolve("repository/zones/a.example.zone");
    Files.createDirectories(zone.getParent());
    git(folder, "init", "-q");
    Files.copy(CONTRIB.resolve("pre-commit"), folder.resolve("repository/.git/hooks/pre-commit"));

    Files.writeString(zone, "staged");
    git(folder, "add", "zones");
    Files.writeString(zone, "changed since");
    git(folder, "commit", "-q", "-m", "first");
    git(folder, "commit", "-q", "-a", "-m", "second");

    assertThat(folder.resolve("asked"))
        .hasContent(
            """
            check zones: staged
            test zones: staged
            check zones: changed since
            test zones: changed since
            diff HEAD:zones zones: changed since
            """);
  }

  private static void git(Path folder, String... words) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@a"));
    line.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.directory(folder.resolve("repository").toFile());
    builder.environment().merge("PATH", folder + "/bin:", (path, first) -> first + path);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static String help(String command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(new String[] {command, "--help"}, stream, stream)).as(command).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
