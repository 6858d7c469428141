package dev.meridian.cli;

import java.util.List;

/** A command cannot do what it was asked; it carries what the person at the terminal will see. */
final class CommandException extends RuntimeException {
  static final int WRONG_INPUT = 1;
  static final int USAGE = 2;
  static final int CANNOT_RUN = 3;

  private final int exitCode;
  private final boolean ofCommand;
  private final transient List<String> lines;

  private CommandException(int exitCode, boolean ofCommand, List<String> lines) {
    super(String.join("\n", lines), null, false, false);
    this.exitCode = exitCode;
    this.ofCommand = ofCommand;
    this.lines = List.copyOf(lines);
  }

  /** The input is wrong: its problems, each of which says where it is. */
  static CommandException wrongInput(List<String> lines) {
    return new CommandException(WRONG_INPUT, false, lines);
  }

  /** Something that was named is not there, so that nobody knows whether it is right. */
  static CommandException missingInput(List<String> lines) {
    return new CommandException(CANNOT_RUN, false, lines);
  }

  /** A server says that what it was asked for is wrong. */
  static CommandException refused(String line) {
    return new CommandException(WRONG_INPUT, true, List.of(line));
  }

  /** The command line is wrong. */
  static CommandException usage(String line) {
    return new CommandException(USAGE, true, List.of(line));
  }

  /** The input may be right, but something around is not. */
  static CommandException cannotRun(String line) {
    return new CommandException(CANNOT_RUN, true, List.of(line));
  }

  int exitCode() {
    return exitCode;
  }

  /** What to print; what is not about a place in a file begins with the command's name. */
  List<String> lines(String command) {
    return ofCommand ? lines.stream().map(line -> command + ": " + line).toList() : lines;
  }
}
