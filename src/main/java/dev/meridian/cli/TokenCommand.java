package dev.meridian.cli;

import dev.meridian.api.Tokens;
import java.security.SecureRandom;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian token}: makes a token for the API. */
final class TokenCommand {
  private TokenCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("token", own -> token(own, console));
    spec.addPositional(
        Options.positional("ROLE", "0", "viewer: may look; operator: may change things too.")
            .build());
    spec.addPositional(
        Options.positional("NAME", "1", "Whose token it is; the audit log says so.").build());
    spec.usageMessage()
        .description(
            "Makes a token. The first line is the token: give it to its owner, it is kept nowhere.",
            "The second line is for the file of --http-tokens, which has only its hash.")
        .footer("", "Example:", "  meridian token operator ann");
    root.addSubcommand("token", spec);
  }

  private static int token(CommandSpec spec, Console console) {
    String role = spec.positionalParameters().get(0).getValue();
    String name = spec.positionalParameters().get(1).getValue();
    try {
      Tokens.create(role, name, new SecureRandom()).forEach(console::line);
      return 0;
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }
}
