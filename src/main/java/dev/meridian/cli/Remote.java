package dev.meridian.cli;

import dev.meridian.config.ConfigKey;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The option that says where the running server is. */
final class Remote {
  private static final String HTTP = "--" + ConfigKey.HTTP.key();

  private Remote() {}

  static OptionSpec option() {
    String address = ConfigKey.HTTP.defaults().getFirst();
    String doc = "Where the running server's API is. Default: " + address + ".";
    return Options.value(HTTP, "ADDR:PORT", doc).defaultValue(address).build();
  }

  static ServerClient client(CommandSpec spec) {
    String address = Options.text(spec, HTTP);
    if (address == null) {
      throw CommandException.usage(List.of("--http: an ADDR:PORT is missing"));
    }
    return new ServerClient(address);
  }
}
