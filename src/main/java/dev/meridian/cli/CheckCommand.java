package dev.meridian.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.DiskSource;
import dev.meridian.control.LoadFailedException;
import dev.meridian.control.LoadedState;
import dev.meridian.control.Parts;
import dev.meridian.load.Problem;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian check}: everything that serving would do to the files, without serving. */
final class CheckCommand {
  private CheckCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("check", own -> check(own, console));
    spec.addPositional(
        Options.positional("DIR", "0", "Folder of zone and policy files.").required(true).build());
    spec.addOption(Options.setting(ConfigKey.GEOIP));
    spec.addOption(Options.setting(ConfigKey.HEALTH_ALLOW));
    spec.addOption(Options.setting(ConfigKey.HEALTH_DENY));
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Says what is wrong with a folder of zones, if anything.",
            "Reads and compiles it just as 'serve' would.",
            "Problems are printed on standard error as file:line:column: message.")
        .footer("", "Examples:", "  meridian check zones", "  meridian check zones --format json");
    root.addSubcommand("check", spec);
  }

  private static int check(CommandSpec spec, Console console) {
    Path folder = Path.of(spec.positionalParameters().getFirst().<String>getValue());
    boolean json = Options.isJson(spec);
    ServerConfig config =
        Options.config(spec).flag(ConfigKey.ZONES, List.of(folder.toString())).conclude();
    try {
      LoadedState loaded = DiskSource.of(config, Parts.registry(config)).load();
      if (json) {
        console.line(json(true, folder, loaded.problems()));
      } else {
        console.errors(Failures.lines(folder, loaded.problems()));
        console.line(folder + ": " + summary(loaded));
      }
      return 0;
    } catch (LoadFailedException e) {
      if (!json) {
        throw Failures.wrongFiles(folder, e);
      }
      console.line(json(false, folder, e.problems()));
      return CommandException.WRONG_INPUT;
    }
  }

  private static String summary(LoadedState loaded) {
    Zones zones = loaded.zones();
    long records = 0;
    long routed = 0;
    for (int i = 0; i < zones.size(); i++) {
      records += zones.get(i).recordCount();
      routed += zones.get(i).routedCount();
    }
    long warnings = loaded.problems().size();
    return String.join(
        ", ",
        Failures.count(zones.size(), "zone"),
        Failures.count(records, "record"),
        Failures.count(routed, "routed RRset"),
        Failures.count(loaded.checks().size(), "health check"),
        warnings == 0 ? "fine" : Failures.count(warnings, "warning"));
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
