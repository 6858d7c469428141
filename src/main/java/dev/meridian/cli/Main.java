package dev.meridian.cli;

import dev.meridian.config.ServerConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Entry point of the {@code meridian} command.
 *
 * <p>Exit codes: 0 fine; 1 the input is wrong, every problem is on standard error as {@code
 * file:line:column: message}; 2 the command line is wrong; 3 it could not run. Results go to
 * standard output, everything else to standard error.
 */
public final class Main {
  private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    LogProvider.install();
    nameSelectors();
    StandardOutput out =
        new StandardOutput(new FileOutputStream(FileDescriptor.out), System.out.charset());
    int code = run(args, out.stream(), System.err);
    System.exit(out.conclude(code, System.err));
  }

  /**
   * Names the one provider of selectors that Linux has: the JDK would look for another in every
   * jar, a twentieth of the way to the first answer.
   */
  private static void nameSelectors() {
    if (System.getProperty(SELECTORS) == null && System.getProperty("os.name").equals("Linux")) {
      System.setProperty(SELECTORS, "sun.nio.ch.EPollSelectorProvider");
    }
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int run(String[] args, PrintStream out, PrintStream err) {
    Console console = new Console(out, err);
    Optional<ServerConfig.Builder> plain = ServeCommand.plain(args);
    return plain.isPresent() ? serve(plain.get(), List.of(args), console) : dispatch(args, console);
  }

  private static int serve(ServerConfig.Builder config, List<String> arguments, Console console) {
    try {
      return ServeCommand.serve(config, arguments, false);
    } catch (RuntimeException | Error e) {
      return Failures.report(console, "meridian serve", e); // or threads would go on without it
    }
  }

  private static int dispatch(String[] args, Console console) {
    CommandLine line = new CommandLine(root(console));
    line.setOut(console.outWriter());
    line.setErr(console.errWriter());
    line.setUsageHelpWidth(90);
    line.setParameterExceptionHandler((e, _) -> Failures.usage(console, e));
    line.setExecutionExceptionHandler(
        (e, command, _) -> Failures.report(console, command.getCommandSpec().qualifiedName(), e));
    int code = line.execute(args.length == 0 ? new String[] {"--help"} : args);
    return args.length == 0 ? CommandLine.ExitCode.USAGE : code;
  }

  /** Built by hand rather than from annotations: nothing is reflected on at the start. */
  private static CommandSpec root(Console console) {
    CommandSpec root = Options.command("meridian");
    root.version("meridian " + Version.text());
    root.addOption(
        Options.flag("-V", "--version", "Print the version and exit.").versionHelp(true).build());
    root.usageMessage()
        .description("An authoritative DNS server with Route 53-style routing policies.")
        .footer(
            "",
            "Examples:",
            "  meridian serve --zones zones            answers on 127.0.0.1:5300",
            "  meridian check zones                    before you commit",
            "  meridian explain www.example.com --client 198.51.100.7",
            "",
            "Exit codes: 0 fine, 1 the input is wrong, 2 usage, 3 could not run.");
    ServeCommand.addTo(root);
    CheckCommand.addTo(root, console);
    TestCommand.addTo(root, console);
    DiffCommand.addTo(root, console);
    ExplainCommand.addTo(root, console);
    StatesCommand.addTo(root, console);
    SetCommand.addTo(root, console);
    TokenCommand.addTo(root, console);
    ReloadCommand.addTo(root, console);
    UpgradeCommand.addTo(root, console);
    RollbackCommand.addTo(root, console);
    ImportCommand.addTo(root, console);
    ExportCommand.addTo(root, console);
    GeoipCommand.addTo(root, console);
    TrainCommand.addTo(root, console);
    return root;
  }
}
