package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.text.Count;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian reload}: has the running server load everything anew, and waits for it. */
final class ReloadCommand {
  private static final String FORCE = "--force";
  private static final String REASON = "--reason";
  private static final String AUTHOR = "--author";

  private ReloadCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("reload", own -> reload(own, console));
    spec.addOption(Options.flag(FORCE, "Serve them whatever the publish gate says.").build());
    spec.addOption(Options.value(REASON, "TEXT", "Why, with --force; for others.").build());
    spec.addOption(Options.value(AUTHOR, "NAME", "Who decides. Default: your user name.").build());
    Remote.addTo(spec);
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Has the running server load its files anew, and says how it went.",
            "If anything is wrong with them, or the publish gate finds that what they change would",
            "be a disaster, it goes on serving what it has.")
        .footer(
            "",
            "Example, for what the gate holds back though it is meant:",
            "  meridian reload --force --reason 'example.net is sold'");
    root.addSubcommand("reload", spec);
  }

  private static int reload(CommandSpec spec, Console console) {
    boolean asJson = Options.isJson(spec);
    JsonNode result = Remote.client(spec).askOrFail("POST", "/api/v1/reload" + forced(spec));
    return report(result, asJson, console);
  }

  private static String forced(CommandSpec spec) {
    String reason = Options.text(spec, REASON);
    if (!Options.isSet(spec, FORCE)) {
      return "";
    }
    if (reason == null) {
      throw CommandException.usage("--reason is missing: say why, for those who look later");
    }
    return "?force=true"
        + Remote.parameter("reason", reason)
        + Remote.parameter("author", Remote.author(Options.text(spec, AUTHOR)));
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
      boolean heldBack = result.path("heldBack").asBoolean();
      String found = Count.of(result.path("errors").asLong(), heldBack ? "finding" : "error");
      lines.add(found + (heldBack ? "; held back; " : "; ") + kept(result));
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
