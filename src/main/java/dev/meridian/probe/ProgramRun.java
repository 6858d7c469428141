package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.ExecCheck;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.Observation.Reason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program: no shell, nothing to read, an environment of four variables, the root as
 * its folder, and of what it says as much as one line. When it is over, so is whatever it started:
 * see {@link Offspring}.
 */
final class ProgramRun implements AwayProbe.Work {
  private static final int MAX_OUTPUT = 1024;

  private final HealthCheck check;
  private final ExecCheck exec;
  private final Offspring offspring = new Offspring();
  private @Nullable Process process;
  private boolean cancelled;

  ProgramRun(HealthCheck check, ExecCheck exec) {
    this.check = check;
    this.exec = exec;
  }

  @Override
  public Finding find() throws InterruptedException {
    Process started;
    try {
      started = start();
    } catch (IOException e) {
      return new Finding(Reason.LOCAL_TROUBLE, String.valueOf(e.getMessage()));
    }
    return started == null ? new Finding(Reason.COMMAND_FAILED, "cancelled") : judge(started);
  }

  private Finding judge(Process started) throws InterruptedException {
    // A child that keeps the output open must not keep us waiting for its end.
    var _ = started.onExit().thenRunAsync(offspring::kill);
    String said;
    try (InputStream out = started.getInputStream()) {
      said = new String(out.readNBytes(MAX_OUTPUT), UTF_8).strip();
    } catch (IOException e) {
      said = ""; // killed while it spoke
    }
    int status = started.waitFor();
    String line = said.lines().findFirst().orElse("");
    String detail = "exit status " + status + (line.isEmpty() ? "" : ": " + line);
    return new Finding(status == 0 ? Reason.OK : Reason.COMMAND_FAILED, detail);
  }

  private synchronized @Nullable Process start() throws IOException {
    if (cancelled) {
      return null;
    }
    String address = check.address() == null ? "" : check.address().getHostAddress();
    List<String> command =
        exec.command().stream().map(word -> word.replace(ExecCheck.ADDRESS, address)).toList();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                "/usr/bin:/bin",
                "MERIDIAN_CHECK",
                check.id(),
                "MERIDIAN_ADDRESS",
                address,
                Offspring.MARK,
                offspring.mark()));
    Process started = builder.start();
    process = started;
    return started;
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      Thread.ofVirtual().start(offspring::kill);
    }
  }
}
