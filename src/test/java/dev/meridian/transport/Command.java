package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs a program that a test needs, and skips the test where there is no such program. */
final class Command {
  private static final long TIMEOUT_SECONDS = 30;

  private Command() {}

  /**
   * How a program ended.
   *
   * @param exit its exit status
   * @param output what it printed on standard output and standard error
   */
  record Result(int exit, String output) {}

  static Result run(String... command) throws IOException, InterruptedException {
    Process process = start(command);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as(command[0]).isTrue();
      return new Result(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  static Process start(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      return abort("this test needs the program " + command[0]);
    }
  }
}
