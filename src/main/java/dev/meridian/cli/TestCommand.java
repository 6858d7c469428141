package dev.meridian.cli;

import dev.meridian.analysis.Revision;
import dev.meridian.analysis.TestGenerator;
import dev.meridian.analysis.TestResult;
import dev.meridian.analysis.TestRunner;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.RoutingTest;
import dev.meridian.source.Problem;
import dev.meridian.text.Count;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian test}: whether a folder of zones routes as its own tests say. */
final class TestCommand {
  private static final String GENERATE = "--generate";
  private static final String JUNIT = "junit";

  private TestCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("test", own -> test(own, console));
    spec.addPositional(Options.positional("DIR", "0", "Folder of zone and policy files.").build());
    spec.addOption(
        Options.flag(
                GENERATE,
                "Write the tests that go without saying to DIR/tests/<zone>.generated.yaml:"
                    + " every place a policy names, every endpoint down in turn, all of them down.")
            .build());
    spec.addOption(Options.setting(ConfigKey.GEOIP));
    spec.addOption(Options.format(JUNIT));
    spec.usageMessage()
        .description(
            "Runs the tests in DIR/tests/*.yaml.",
            "A test says who asks what while what is down, and what has to come of it. Nothing is"
                + " sent anywhere: tests run on what the files compile to, and hold for every"
                + " client that they mean. A failure shows who is answered otherwise, and why.")
        .footer(
            "",
            "Examples:",
            "  meridian test zones",
            "  meridian test zones --format junit > junit.xml",
            "  meridian test zones --generate");
    root.addSubcommand("test", spec);
  }

  private static int test(CommandSpec spec, Console console) {
    Path folder = Inputs.folder(Path.of(spec.positionalParameters().getFirst().<String>getValue()));
    String format = Options.format(spec, JUNIT);
    boolean generates = Options.isSet(spec, GENERATE);
    if (generates && !format.equals(Options.TEXT)) {
      throw CommandException.usage(
          "--format " + format + ": " + GENERATE + " writes tests and reports none");
    }
    Revision revision = load(spec, folder);
    if (generates) {
      return generate(revision, console);
    }
    if (revision.isWrong()) {
      throw wrong(folder, revision.problems());
    }
    List<RoutingTest> tests = revision.tests().tests();
    TestRunner runner = new TestRunner(revision);
    List<Problem> problems = runner.problems(tests);
    if (!problems.isEmpty()) {
      throw wrong(folder, problems);
    }
    List<TestResult> results = tests.stream().map(runner::run).toList();
    switch (format) {
      case Options.JSON -> console.line(TestReports.json(folder, results));
      case JUNIT -> console.print(TestReports.junit(folder, results));
      default -> console.print(TestReports.text(folder, results));
    }
    return results.stream().allMatch(TestResult::passed) ? 0 : CommandException.WRONG_INPUT;
  }

  private static Revision load(CommandSpec spec, Path folder) {
    ServerConfig config =
        Options.config(spec).flag(ConfigKey.ZONES, List.of(folder.toString())).conclude();
    return Revision.load(folder, Inputs.geo(config), new HealthRegistry());
  }

  private static CommandException wrong(Path folder, List<Problem> problems) {
    List<String> lines = new ArrayList<>(Failures.lines(folder, problems));
    lines.add(Failures.summary(problems));
    return CommandException.wrongInput(lines);
  }

  private static int generate(Revision revision, Console console) {
    List<Problem> errors =
        revision.loaded().problems().list().stream().filter(Problem::isError).toList();
    if (!errors.isEmpty()) {
      throw wrong(revision.folder(), errors);
    }
    Map<String, String> files = new TestGenerator(revision).files();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = revision.folder().resolve(file.getKey());
      try {
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      } catch (IOException e) {
        throw CommandException.cannotRun(path + ": cannot be written: " + Reasons.of(e));
      }
      long tests = file.getValue().lines().filter(line -> line.startsWith("  - ")).count();
      console.line(path + ": " + Count.of(tests, "test"));
    }
    if (files.isEmpty()) {
      console.error("no zone in " + revision.folder() + " routes anything: nothing to test");
    }
    return 0;
  }
}
