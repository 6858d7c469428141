package dev.meridian.cli;

import dev.meridian.control.Predecessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the version that is installed where this one was started from, as this one was started. It
 * gets this process's user, limits, standard output and place among systemd's services.
 *
 * @param arguments of this process
 */
record Launcher(List<String> arguments) implements Predecessor.Launch {
  /** Copies the list. */
  Launcher {
    arguments = List.copyOf(arguments);
  }

  @Override
  public Process start() throws IOException {
    String home = System.getProperty("meridian.home");
    Path program = home == null ? null : Path.of(home, "bin", "meridian");
    if (program == null || !Files.isExecutable(program)) {
      throw new IOException(
          "this server was not started by bin/meridian; start 'meridian serve "
              + ServeCommand.TAKE_OVER
              + "' by hand, as the same user and with the same settings");
    }
    ProcessBuilder builder = new ProcessBuilder(command(program)).inheritIO();
    builder.environment().remove("WATCHDOG_PID"); // it names this process (sd_watchdog_enabled(3))
    return builder.start();
  }

  private List<String> command(Path program) {
    List<String> command = new ArrayList<>(arguments);
    command.remove(ServeCommand.TAKE_OVER);
    command.addFirst(program.toString());
    command.add(ServeCommand.TAKE_OVER);
    return command;
  }
}
