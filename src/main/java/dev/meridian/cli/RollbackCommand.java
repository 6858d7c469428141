package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian rollback}: has the running server serve an earlier set again. */
final class RollbackCommand {
  private static final String REASON = "--reason";
  private static final String AUTHOR = "--author";
  private static final String LIST = "--list";

  private RollbackCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("rollback", own -> rollback(own, console));
    spec.addPositional(
        Options.positional(
                "GENERATION", "0", "Which kept set. Default: the newest before what is served.")
            .arity("0..1")
            .required(false)
            .build());
    spec.addOption(Options.flag(LIST, "Only print the sets that are kept.").build());
    spec.addOption(Options.value(REASON, "TEXT", "Why; for those who look later.").build());
    spec.addOption(Options.value(AUTHOR, "NAME", "Who decides. Default: your user name.").build());
    Remote.addTo(spec);
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Has the running server serve a set that it kept, in place of the files.",
            "Whatever they say, or if they are gone: until they change, or 'meridian reload'.",
            "A restart does not end it.")
        .footer(
            "",
            "Examples:",
            "  meridian rollback --list",
            "  meridian rollback --reason 'wrong weights'",
            "  meridian rollback 41 --reason 'wrong weights'");
    root.addSubcommand("rollback", spec);
  }

  private static int rollback(CommandSpec spec, Console console) {
    boolean asJson = Options.isJson(spec);
    if (Options.isSet(spec, LIST)) {
      return list(Remote.client(spec).askOrFail("GET", "/api/v1/kept-sets"), asJson, console);
    }
    String reason = Options.text(spec, REASON);
    if (reason == null) {
      throw CommandException.usage("--reason is missing: say why, for those who look later");
    }
    String path =
        "/api/v1/rollback?"
            + Remote.parameter("generation", spec.positionalParameters().getFirst().getValue())
            + Remote.parameter("reason", reason)
            + Remote.parameter("author", Remote.author(Options.text(spec, AUTHOR)));
    JsonNode result = Remote.client(spec).askOrFail("POST", path);
    return ReloadCommand.report(result, asJson, console);
  }

  private static int list(JsonNode kept, boolean asJson, Console console) {
    if (asJson) {
      console.line(kept.toString());
      return 0;
    }
    for (JsonNode set : kept.path("sets")) {
      console.line(
          set.path("generation").asText()
              + "  "
              + Remote.time(set.path("at"))
              + "  "
              + set.path("reason").asText()
              + (set.path("served").asBoolean() ? "  (served)" : ""));
    }
    return 0;
  }
}
