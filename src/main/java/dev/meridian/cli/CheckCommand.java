package dev.meridian.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.analysis.Revision;
import dev.meridian.analysis.RoutingProofs;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Parts;
import dev.meridian.source.Problem;
import dev.meridian.text.Count;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian check}: everything that serving would do to the files, without serving. */
final class CheckCommand {
  private static final String STRICT = "--strict";

  private CheckCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("check", own -> check(own, console));
    spec.addPositional(Options.positional("DIR", "0", "Folder of zone and policy files.").build());
    spec.addOption(Options.flag(STRICT, "Exit with 1 if there are warnings, too.").build());
    spec.addOption(Options.setting(ConfigKey.GEOIP));
    spec.addOption(Options.setting(ConfigKey.HEALTH_ALLOW));
    spec.addOption(Options.setting(ConfigKey.HEALTH_DENY));
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Says what is wrong with a folder of zones, if anything.",
            "Reads and compiles it just as 'serve' would, and then tries every kind of client and"
                + " every single failure: branches that are never answered, regions and blocks"
                + " that change nothing, clients who get IPv4 and no IPv6, checks that take a name down alone,"
                + " and TTLs that health cannot keep up with are warnings.",
            "Problems are printed on standard error as file:line:column: message.")
        .footer("", "Examples:", "  meridian check zones", "  meridian check zones --format json");
    root.addSubcommand("check", spec);
  }

  private static int check(CommandSpec spec, Console console) {
    Path folder = Inputs.folder(Path.of(spec.positionalParameters().getFirst().<String>getValue()));
    boolean json = Options.isJson(spec);
    ServerConfig config =
        Options.config(spec).flag(ConfigKey.ZONES, List.of(folder.toString())).conclude();
    Revision revision = Revision.load(folder, Inputs.geo(config), Parts.registry(config));
    List<Problem> problems = new ArrayList<>(revision.problems());
    if (!revision.isWrong()) {
      problems.addAll(RoutingProofs.of(revision));
    }
    boolean fine = !revision.isWrong() && (problems.isEmpty() || !Options.isSet(spec, STRICT));
    if (json) {
      console.line(json(fine, folder, problems));
    } else {
      console.errors(Failures.lines(folder, problems));
      if (!revision.isWrong()) {
        console.line(folder + ": " + summary(revision, problems.size()));
      } else {
        console.error(Failures.summary(problems));
      }
    }
    return fine ? 0 : CommandException.WRONG_INPUT;
  }

  private static String summary(Revision revision, long warnings) {
    Zones zones = revision.set().zones();
    long records = 0;
    long routed = 0;
    for (int i = 0; i < zones.size(); i++) {
      records += zones.get(i).recordCount();
      routed += zones.get(i).routedCount();
    }
    return String.join(
        ", ",
        Count.of(zones.size(), "zone"),
        Count.of(records, "record"),
        Count.of(routed, "routed RRset"),
        Count.of(revision.set().checks().size(), "health check"),
        warnings == 0 ? "fine" : Count.of(warnings, "warning"));
  }

  private static String json(boolean ok, Path folder, List<Problem> problems) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeBooleanField("ok", ok);
      json.writeStringField("folder", folder.toString());
      json.writeArrayFieldStart("problems");
      for (Problem problem : problems) {
        json.writeStartObject();
        json.writeStringField("file", problem.file());
        json.writeNumberField("line", problem.line());
        json.writeNumberField("column", problem.column());
        json.writeStringField("severity", problem.isError() ? "error" : "warning");
        json.writeStringField("message", problem.message());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }
}
