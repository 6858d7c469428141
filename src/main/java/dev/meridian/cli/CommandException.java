package dev.meridian.cli;

import java.util.List;

/** A command cannot do what it was asked; it carries what the person at the terminal will see. */
final class CommandException extends RuntimeException {
  static final int WRONG_INPUT = 1;
  static final int USAGE = 2;
  static final int CANNOT_RUN = 3;

  private final int exitCode;
  private final transient List<String> lines;

  private CommandException(int exitCode, List<String> lines) {
    super(String.join("\n", lines), null, false, false);
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  /** The input is wrong. */
  static CommandException wrongInput(List<String> lines) {
    return new CommandException(WRONG_INPUT, lines);
  }

  /** The command line is wrong. */
  static CommandException usage(List<String> lines) {
    return new CommandException(USAGE, lines);
  }

  /** The input may be right, but something around is not. */
  static CommandException cannotRun(String line) {
    return new CommandException(CANNOT_RUN, List.of(line));
  }

  int exitCode() {
    return exitCode;
  }

  List<String> lines() {
    return lines;
  }
}
