package dev.meridian.cli;

import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.UpgradeCall;
import dev.meridian.control.UpgradeException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian upgrade}: has the installed version take the running server's place. */
final class UpgradeCommand {
  private static final String CONFIG = "--config";

  private UpgradeCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("upgrade", own -> upgrade(own, console));
    spec.addOption(Options.setting(ConfigKey.STATE));
    spec.addOption(
        Options.value(
                CONFIG, "FILE", "The running server's file of settings, for its state folder.")
            .build());
    spec.usageMessage()
        .description(
            "Has the running server start the version that is installed now, with its own arguments,",
            "and hand over to it: sockets, health, overrides, cookies. No query is lost. If the new",
            "process fails in any way, the running one goes on.",
            "To be run by the server's user, or root.")
        .footer("", "Example:", "  meridian upgrade --config /etc/meridian/server.yaml");
    root.addSubcommand("upgrade", spec);
  }

  private static int upgrade(CommandSpec spec, Console console) {
    ServerConfig.Builder builder = ServerConfig.builder();
    String state = Options.text(spec, "--" + ConfigKey.STATE.key());
    String file = Options.text(spec, CONFIG);
    if (file != null) {
      builder.file(Path.of(file));
    }
    if (state != null) {
      builder.flag(ConfigKey.STATE, List.of(state));
    }
    try {
      console.line(UpgradeCall.make(builder.conclude().state(), console::line));
      return 0;
    } catch (UpgradeException e) {
      throw CommandException.cannotRun("not upgraded: " + e.getMessage());
    }
  }
}
