package dev.meridian.cli;

import dev.meridian.analysis.Comparison;
import dev.meridian.analysis.Comparison.What;
import dev.meridian.analysis.LoggedQuery;
import dev.meridian.analysis.Revision;
import dev.meridian.analysis.SetComparison;
import dev.meridian.config.ConfigKey;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.Problem;
import dev.meridian.text.Count;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian diff}: what a change of zones does, and to whom. */
final class DiffCommand {
  private static final String MARKDOWN = "markdown";
  private static final String QUERIES = "--queries";
  private static final String MAX_AFFECTED = "--max-affected";
  private static final String MAX_REMOVED = "--max-removed";
  private static final String KEEP_REDUNDANCY = "--keep-redundancy";
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%?");

  private DiffCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("diff", own -> diff(own, console));
    String what =
        " folder of zones, or REV:path in git, or a revision: the other folder as of then.";
    spec.addPositional(Options.positional("OLD", "0", "The older" + what).build());
    spec.addPositional(Options.positional("NEW", "1", "The newer" + what).build());
    spec.addOption(
        Options.value(
                QUERIES,
                "FILE",
                "Count by real queries: a query log in either format, or lines of 'client qname"
                    + " qtype'.")
            .build());
    spec.addOption(
        Options.value(MAX_AFFECTED, "PERCENT", "Exit with 1 if more of the answers change.")
            .build());
    spec.addOption(
        Options.value(MAX_REMOVED, "NUMBER", "Exit with 1 if more RRsets are gone.").build());
    spec.addOption(
        Options.flag(KEEP_REDUNDANCY, "Exit with 1 if a name loses redundancy.").build());
    spec.addOption(Options.setting(ConfigKey.GEOIP));
    spec.addOption(Options.format(MARKDOWN));
    spec.usageMessage()
        .description(
            "Says what a change of zones does, and to whom.",
            "Both are compiled, and what is not the same is compared for every client there is:"
                + " which answers change, for how much of the address space, in which countries,"
                + " from which endpoint to which; and which names lose redundancy.")
        .footer(
            "",
            "Examples:",
            "  meridian diff HEAD zones                       what is not committed yet",
            "  meridian diff origin/main:zones HEAD:zones --format markdown",
            "  meridian diff old new --queries queries.log --max-affected 5%%");
    root.addSubcommand("diff", spec);
  }

  private static int diff(CommandSpec spec, Console console) {
    String format = Options.format(spec, MARKDOWN);
    Limits limits = Limits.of(spec);
    String oldText = spec.positionalParameters().get(0).getValue();
    String newText = spec.positionalParameters().get(1).getValue();
    String queries = Options.text(spec, QUERIES);
    Map<LoggedQuery, Long> logged =
        queries == null ? Map.of() : QueryLogFile.read(Path.of(queries));
    try (GitFolder before = GitFolder.of(oldText, newText);
        GitFolder after = GitFolder.of(newText, oldText)) {
      GeoDatabase geo = Inputs.geo(Options.config(spec).conclude());
      HealthRegistry registry = new HealthRegistry();
      Comparison comparison =
          SetComparison.of(load(before, geo, registry), load(after, geo, registry), logged);
      List<String> exceeded = limits.exceeded(comparison);
      DiffReport report = new DiffReport(before.name(), after.name(), comparison, exceeded);
      switch (format) {
        case Options.JSON -> console.line(report.json());
        case MARKDOWN -> console.print(report.markdown());
        default -> console.print(report.text());
      }
      return exceeded.isEmpty() ? 0 : CommandException.WRONG_INPUT;
    }
  }

  private static Revision load(GitFolder folder, GeoDatabase geo, HealthRegistry registry) {
    Revision revision = Revision.load(folder.path(), geo, registry);
    List<Problem> errors =
        revision.loaded().problems().list().stream().filter(Problem::isError).toList();
    if (!errors.isEmpty() || revision.isWrong()) {
      List<String> lines = new ArrayList<>();
      for (Problem problem : errors) {
        lines.add(folder.name() + (folder.temporary() ? ": " : "/") + problem);
      }
      lines.add(folder.name() + " cannot be compared: " + Failures.summary(errors));
      throw CommandException.wrongInput(lines);
    }
    return revision;
  }

  /** What a change may not exceed; null: anything. */
  private record Limits(
      @Nullable Double maxAffected, @Nullable Long maxRemoved, boolean keepRedundancy) {
    static Limits of(CommandSpec spec) {
      return new Limits(
          percent(Options.text(spec, MAX_AFFECTED)),
          number(Options.text(spec, MAX_REMOVED)),
          Options.isSet(spec, KEEP_REDUNDANCY));
    }

    private static @Nullable Double percent(@Nullable String text) {
      if (text == null) {
        return null;
      }
      Matcher percent = PERCENT.matcher(text);
      if (!percent.matches()) {
        throw CommandException.usage(
            MAX_AFFECTED + ": '" + text + "' is not a percentage such as 5%");
      }
      return Double.parseDouble(percent.group(1)) / 100;
    }

    private static @Nullable Long number(@Nullable String text) {
      if (text != null && !text.matches("\\d{1,9}")) {
        throw CommandException.usage(MAX_REMOVED + ": '" + text + "' is not a number");
      }
      return text == null ? null : Long.valueOf(text);
    }

    List<String> exceeded(Comparison comparison) {
      List<String> exceeded = new ArrayList<>();
      if (maxAffected != null && comparison.affected() > maxAffected) {
        exceeded.add(
            DiffReport.percent(comparison.affected())
                + " of the answers change, more than "
                + DiffReport.percent(maxAffected));
      }
      long removed =
          comparison.names().stream().filter(name -> name.what() == What.REMOVED).count();
      if (maxRemoved != null && removed > maxRemoved) {
        exceeded.add(Count.of(removed, "RRset") + " would be gone, more than " + maxRemoved);
      }
      if (keepRedundancy) {
        comparison.names().stream()
            .filter(Comparison.NameChange::losesRedundancy)
            .forEach(name -> exceeded.add(DiffReport.label(name) + " loses redundancy"));
      }
      return exceeded;
    }
  }
}
