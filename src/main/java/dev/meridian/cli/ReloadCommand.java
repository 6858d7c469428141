package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian reload}: has the running server load everything anew, and waits for it. */
final class ReloadCommand {
  private ReloadCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("reload", own -> reload(own, console));
    Remote.addTo(spec);
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Has the running server load its files anew, and says how it went.",
            "If anything is wrong with them, it goes on serving what it has.");
    root.addSubcommand("reload", spec);
  }

  private static int reload(CommandSpec spec, Console console) {
    boolean asJson = Options.isJson(spec);
    JsonNode result = Remote.client(spec).askOrFail("POST", "/api/v1/reload");
    return report(result, asJson, console);
  }

  /** Says how a load went. */
  static int report(JsonNode result, boolean asJson, Console console) {
    boolean ok = result.path("ok").asBoolean();
    if (asJson) {
      console.line(result.toString());
      return ok ? 0 : CommandException.WRONG_INPUT;
    }
    List<String> lines = problems(result);
    if (!ok) {
      lines.add(Failures.count(result.path("errors").asLong(), "error") + "; " + kept(result));
      throw CommandException.wrongInput(lines);
    }
    console.errors(lines);
    console.line(
        "serving generation "
            + result.path("generation").asLong()
            + " after "
            + result.path("tookMillis").asLong()
            + " ms");
    return 0;
  }

  private static String kept(JsonNode result) {
    return "generation " + result.path("generation").asLong() + " is still served";
  }

  private static List<String> problems(JsonNode result) {
    List<String> lines = new ArrayList<>();
    for (JsonNode problem : result.path("problems")) {
      String warning = problem.path("severity").asText().equals("warning") ? "warning: " : "";
      lines.add(
          problem.path("file").asText()
              + ":"
              + problem.path("line").asInt()
              + ":"
              + problem.path("column").asInt()
              + ": "
              + warning
              + problem.path("message").asText());
    }
    return lines;
  }
}
