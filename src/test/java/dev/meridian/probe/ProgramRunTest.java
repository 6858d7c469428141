package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.meridian.health.ExecCheck;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that decide, and programs that do not end. */
class ProgramRunTest {
  private final ProbeRunner runner = new ProbeRunner();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    runner.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'exit 0',                              OK,             'exit status 0'",
    "'echo fine; echo more',                OK,             'exit status 0: fine'",
    "'echo $MERIDIAN_CHECK $MERIDIAN_ADDRESS $HOME $0; exit 2', COMMAND_FAILED, 'exit status 2: z/a 192.0.2.1 192.0.2.1'",
    "'yes',                                 COMMAND_FAILED, 'y'",
  })
  @Check("S84")
  void aProgramDecidesByItsStatus(String script, Reason reason, String detail) throws Exception {
    ExecCheck exec = new ExecCheck(List.of("/bin/sh", "-c", script, "{address}"));
    InetAddress address = InetAddress.ofLiteral("192.0.2.1");
    Finding finding =
        new ProgramRun(new HealthCheck("z/a", address, exec, Settings.DEFAULT), exec).find();

    assertThat(finding.reason()).isEqualTo(reason);
    assertThat(finding.detail()).contains(detail);
  }

  /** How it would live on: by itself, deaf, as somebody's grandchild, in a session of its own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo $$ > PIDS; exec sleep 1000",
        "echo $$ > PIDS; trap '' TERM HUP INT PIPE; while true; do sleep 1000; done",
        "(sh -c 'echo $$ > PIDS; exec sleep 1000' &); exec sleep 1000",
        "setsid sh -c '(sh -c \"echo \\$\\$ > PIDS; exec sleep 1000\" &) & exit'; exec sleep 1000",
        "echo $$ > PIDS; exec yes 2>&1",
        "echo $$ > PIDS; exec > /dev/null; exec sleep 1000",
      })
  @Check("S84")
  void aProgramIsKilledWithAllThatItStarted(String script) throws Exception {
    Path pids = folder.resolve("pids");
    ProgramRun run = running(script.replace("PIDS", pids.toString()));
    CompletableFuture<Finding> found = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> found.complete(find(run)));
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pids) && Files.size(pids) > 0);
    run.cancel();

    assertThat(found.get(30, TimeUnit.SECONDS).reason()).isEqualTo(Reason.COMMAND_FAILED);
    assertGone(pids);
  }

  @Test
  void theDeadlineEndsIt() throws Exception {
    Observation observation = observe("exec sleep 1000", ProbeRunner.SHORT);

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
    assertThat(observation.detail()).startsWith("no result after ");
  }

  @Test
  void whatIsCancelledBeforeItBeganDoesNotBegin() throws Exception {
    Path made = folder.resolve("made");
    ProgramRun run = running("touch " + made);
    run.cancel();

    assertThat(find(run).detail()).isEqualTo("cancelled");
    assertThat(made).doesNotExist();
  }

  private static ProgramRun running(String script) {
    ExecCheck exec = new ExecCheck(List.of("/bin/sh", "-c", script));
    return new ProgramRun(new HealthCheck("z/a", Target.LOOPBACK, exec, Settings.DEFAULT), exec);
  }

  private static Finding find(ProgramRun run) {
    try {
      return run.find();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Its child holds the output, which is no reason to wait for the child. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(sh -c 'echo $$ > PIDS; exec sleep 1000' &)",
        "setsid sh -c 'echo $$ > PIDS; exec sleep 1000' &"
      })
  void aProgramIsJudgedWhenItEndsAndLeavesNothingBehind(String script) throws Exception {
    Path pids = folder.resolve("pids");
    String waits =
        script.replace("PIDS", pids.toString())
            + "\nuntil test -s "
            + pids
            + "; do sleep 0.01; done; echo fine";
    Observation observation = observe(waits, ProbeRunner.PATIENT);

    assertThat(observation.text()).isEqualTo("Success: exit status 0: fine");
    assertGone(pids);
  }

  @Test
  void outputWithoutEndIsCutOff() throws Exception {
    Observation observation = observe("yes 'a long line that goes on'", ProbeRunner.PATIENT);

    assertThat(observation.reason()).isEqualTo(Reason.COMMAND_FAILED);
    assertThat(observation.detail()).hasSizeLessThan(200).contains("a long line that goes on");
  }

  @Test
  void aProgramThatIsNotThereSaysNothingOfTheTarget() throws Exception {
    Observation observation =
        run(new ExecCheck(List.of("/nowhere/to/be/found")), ProbeRunner.PATIENT, true);

    assertThat(observation.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(observation.detail()).contains("/nowhere/to/be/found");
  }

  @Test
  @Check("S84")
  void withoutPermissionNothingIsRun() throws Exception {
    Path made = folder.resolve("made");
    ExecCheck exec = new ExecCheck(List.of("/usr/bin/touch", made.toString()));

    assertThat(run(exec, ProbeRunner.PATIENT, false).detail()).contains("health-exec: on");
    assertThat(made).doesNotExist();
    assertThat(run(exec, ProbeRunner.PATIENT, true).reason()).isEqualTo(Reason.OK);
    assertThat(made).exists();
  }

  private Observation observe(String script, Duration budget) throws Exception {
    return run(new ExecCheck(List.of("/bin/sh", "-c", script)), budget, true);
  }

  private Observation run(ExecCheck exec, Duration budget, boolean permitted) throws Exception {
    HealthCheck check = new HealthCheck("z/a", Target.LOOPBACK, exec, Settings.DEFAULT);
    return runner.run(check, budget, permitted);
  }

  private static void assertGone(Path pids) throws IOException {
    List<String> started = Files.readAllLines(pids);
    assertThat(started).isNotEmpty();
    for (String pid : started) {
      await().atMost(Duration.ofSeconds(30)).until(() -> !isRunning(Long.parseLong(pid)));
    }
  }

  /** Not counting what is dead and not yet waited for. */
  private static boolean isRunning(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      return Files.readAllLines(status).stream()
          .noneMatch(line -> line.matches("State:\\s+[ZX].*"));
    } catch (IOException e) {
      return false; // gone
    }
  }
}
