package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian set}: decides about health checks in place of their probes. */
final class SetCommand {
  private static final String REASON = "--reason";
  private static final String AUTHOR = "--author";
  private static final String FOR = "--for";

  private SetCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("set", own -> set(own, console));
    spec.addPositional(
        Options.positional(
                "SELECTOR",
                "0",
                "Which health checks: an id, parts of one such as an endpoint's name, * and ?.")
            .build());
    spec.addPositional(
        Options.positional(
                "ACTION",
                "1",
                "up, down, drain, freeze, weight=5 or weight=10%; auto or weight=auto to end it.")
            .build());
    spec.addOption(Options.value(REASON, "TEXT", "Why; for those who look later.").build());
    spec.addOption(Options.value(AUTHOR, "NAME", "Who decides. Default: your user name.").build());
    spec.addOption(
        Options.value(FOR, "TIME", "How long: 30m, 4h, 2d or forever. Default: 4h.").build());
    Remote.addTo(spec);
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Decides about health checks of the running server, whatever their probes say.",
            "The decision is on the disk before this command returns.")
        .footer(
            "",
            "Examples:",
            "  meridian set fra-1 drain --reason 'new rack' --for 2h",
            "  meridian set '*' freeze --reason 'network maintenance'",
            "  meridian set fra-1 weight=10%% --reason 'first clients of the new release'",
            "  meridian set fra-1 auto");
    root.addSubcommand("set", spec);
  }

  private static int set(CommandSpec spec, Console console) {
    boolean asJson = Options.isJson(spec);
    String selector = spec.positionalParameters().get(0).getValue();
    String action = spec.positionalParameters().get(1).getValue();
    String reason = Options.text(spec, REASON);
    if (reason == null && !action.equals("auto") && !action.equals("weight=auto")) {
      throw CommandException.usage("--reason is missing: say why, for those who look later");
    }
    String author = Options.text(spec, AUTHOR);
    String path =
        "/api/v1/overrides?"
            + Remote.parameter("selector", selector)
            + Remote.parameter("action", action)
            + Remote.parameter("reason", reason)
            + Remote.parameter("author", Remote.author(author))
            + Remote.parameter("for", Options.text(spec, FOR));
    JsonNode states = Remote.client(spec).askOrFail("POST", path);
    console.line(
        asJson
            ? states.toString()
            : selector + " is set to " + action + until(states, selector, action));
    return 0;
  }

  /** When probes decide again; nothing where they do so now. */
  private static String until(JsonNode states, String selector, String action) {
    for (JsonNode override : states.path("overrides")) {
      boolean mine =
          override.path("selector").asText().equals(selector)
              && override.path("action").asText().equals(action)
              && !StatesCommand.isInFile(override);
      if (mine) {
        return " " + StatesCommand.until(override);
      }
    }
    return "";
  }
}
