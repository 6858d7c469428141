package dev.meridian.cli;

import dev.meridian.config.ConfigException;
import dev.meridian.config.ConfigProblem;
import dev.meridian.config.ServerConfig;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.querylog.QueryLogException;
import dev.meridian.source.Problem;
import dev.meridian.state.StateInUseException;
import dev.meridian.text.Count;
import dev.meridian.text.NearMiss;
import dev.meridian.transport.ListenException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into lines on standard error and an exit code; never a stack of calls. */
final class Failures {
  private Failures() {}

  /** A wrong command line: what is wrong, a guess what was meant, and where the help is. */
  static int usage(Console console, ParameterException e) {
    CommandLine line = e.getCommandLine();
    String name = line.getCommandSpec().qualifiedName();
    console.error(
        name + ": " + (e instanceof UnmatchedArgumentException u ? unknown(u) : e.getMessage()));
    console.error("'" + name + " --help' shows what is possible.");
    return CommandException.USAGE;
  }

  /** The first word that means nothing; what follows it may only have belonged to it. */
  private static String unknown(UnmatchedArgumentException e) {
    String word = e.getUnmatched().getFirst();
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    if (word.startsWith("-")) {
      String option = word.replaceFirst("=.*", "");
      return "there is no option '"
          + option
          + "'"
          + NearMiss.hint(option, spec.optionsMap().keySet());
    }
    return spec.subcommands().isEmpty()
        ? "'" + word + "' is one parameter too many"
        : "there is no command '" + word + "'" + NearMiss.hint(word, commands(spec));
  }

  private static List<String> commands(CommandSpec spec) {
    return spec.subcommands().entrySet().stream()
        .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Anything that a command threw.
   *
   * @param command the command's full name, {@code meridian explain}
   */
  static int report(Console console, String command, Throwable e) {
    return switch (e) {
      case CommandException known -> {
        console.errors(known.lines(command));
        yield known.exitCode();
      }
      case ConfigException wrong -> config(console, wrong);
      case StateInUseException _, QueryLogException _, ListenException _ -> {
        console.error(command + ": " + e.getMessage());
        yield CommandException.CANNOT_RUN;
      }
      case OutOfMemoryError none -> {
        console.error(command + ": " + none.getMessage() + "; give the process more of it");
        yield CommandException.CANNOT_RUN;
      }
      default -> {
        console.error(command + ": " + e);
        console.error("This is a fault in Meridian; please report it with these lines:");
        for (StackTraceElement frame : e.getStackTrace()) {
          console.error("  at " + frame);
        }
        yield CommandException.CANNOT_RUN;
      }
    };
  }

  /**
   * Wrong flags are wrong usage, a wrong file is wrong input, and one that is not there neither.
   */
  private static int config(Console console, ConfigException e) {
    List<ConfigProblem> problems = e.problems();
    problems.forEach(problem -> console.error(problem.toString()));
    console.error(Count.of(problems.size(), "error"));
    if (problems.stream().allMatch(ConfigProblem::isOfFlag)) {
      return CommandException.USAGE;
    }
    return problems.stream().anyMatch(ConfigProblem::isOfMissingFile)
        ? CommandException.CANNOT_RUN
        : CommandException.WRONG_INPUT;
  }

  /** The files of a server are wrong, or not there: everything that is, and how much. */
  static CommandException wrongFiles(ServerConfig config, LoadFailedException e) {
    List<String> lines = new ArrayList<>(lines(config.zones(), e.problems()));
    lines.add(summary(e.problems()));
    return Inputs.areThere(config)
        ? CommandException.wrongInput(lines)
        : CommandException.missingInput(lines);
  }

  /** Problems as {@code file:line:column: message}, with the file as seen from here. */
  static List<String> lines(Path folder, List<Problem> problems) {
    return problems.stream().map(problem -> line(folder, problem)).toList();
  }

  private static String line(Path folder, Problem problem) {
    Path inFolder = folder.resolve(problem.file()).normalize();
    String prefix =
        Files.exists(inFolder, LinkOption.NOFOLLOW_LINKS) ? inFolder.toString() : problem.file();
    return prefix + problem.toString().substring(problem.file().length());
  }

  /** {@code 2 errors, 1 warning}. */
  static String summary(List<Problem> problems) {
    long errors = problems.stream().filter(Problem::isError).count();
    long warnings = problems.size() - errors;
    return warnings == 0
        ? Count.of(errors, "error")
        : Count.of(errors, "error") + ", " + Count.of(warnings, "warning");
  }
}
