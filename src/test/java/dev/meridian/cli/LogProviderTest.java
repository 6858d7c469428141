package dev.meridian.cli;

import static dev.meridian.cli.RepeatFilter.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** {@link LogProvider}: what a line of the log looks like, and which are written. */
class LogProviderTest {
  @Test
  void aLineHasTimeLevelClassAndText() {
    assertThat(log(Map.of()))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  Some: said 1\\R");
  }

  @Test
  void theEnvironmentSaysWhatIsWritten() {
    assertThat(log(Map.of("MERIDIAN_LOG_LEVEL", "ERROR"))).isEmpty();
    assertThat(log(Map.of("MERIDIAN_LOG_LEVEL", "debug"))).contains("more");
    assertThat(log(Map.of("MERIDIAN_LOG_LEVEL", "loud"))).contains("said").doesNotContain("more");
  }

  @Test
  void jsonIsAnObjectALine() {
    assertThat(log(Map.of("MERIDIAN_LOG_FORMAT", "json")))
        .startsWith("{\"timestamp\":")
        .contains("\"level\":\"INFO\"")
        .contains("\"loggerName\":\"dev.meridian.Some\"")
        .contains("\"formattedMessage\":\"said 1\"")
        .endsWith("}\n")
        .hasLineCount(1);
  }

  @Test
  void whatComesAgainAndAgainIsBounded() {
    String log =
        log(
            Map.of(),
            logger -> IntStream.rangeClosed(0, LIMIT).forEach(i -> logger.warn("again {}", i)));

    assertThat(log).hasLineCount(LIMIT);
  }

  /** In a process of its own, for SLF4J says once in a life which provider it has. */
  @Test
  void nothingButTheLogIsOnStandardError(@TempDir Path folder) throws Exception {
    Process meridian =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--zones",
                folder.resolve("nowhere").toString(),
                "--state",
                folder.resolve("state").toString())
            .start();
    List<String> lines =
        meridian.errorReader().lines().filter(line -> !line.startsWith("20")).toList();

    assertThat(meridian.waitFor()).isEqualTo(3);
    assertThat(lines)
        .containsExactly(
            folder.resolve("nowhere") + ":1:1: the zone folder cannot be read: it is not there",
            "1 error");
  }

  private static String log(Map<String, String> environment) {
    return log(
        environment,
        logger -> {
          logger.info("said {}", 1);
          logger.debug("more");
        });
  }

  /** What is on standard error, which is put aside for a moment. */
  private static String log(Map<String, String> environment, Consumer<Logger> talk) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      LogProvider provider = new LogProvider(environment);
      provider.initialize();
      talk.accept(provider.getLoggerFactory().getLogger("dev.meridian.Some"));
    } finally {
      System.setErr(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
