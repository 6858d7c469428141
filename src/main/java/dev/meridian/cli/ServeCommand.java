package dev.meridian.cli;

import dev.meridian.api.Api;
import dev.meridian.api.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ListenAddress;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.LoadFailedException;
import dev.meridian.control.Parts;
import dev.meridian.control.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian serve}: the server, until a signal ends it. */
final class ServeCommand {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private ServeCommand() {}

  static void addTo(CommandSpec root) {
    CommandSpec spec = Options.command("serve", ServeCommand::serve);
    for (ConfigKey key : ConfigKey.values()) {
      spec.addOption(Options.setting(key));
    }
    spec.addOption(
        Options.value("--config", "FILE", "YAML file of the same settings; flags win.").build());
    spec.usageMessage()
        .description("Serves a folder of zones until SIGTERM or SIGINT. SIGHUP loads it anew.")
        .footer(
            "",
            "Examples:",
            "  meridian serve",
            "  meridian serve --zones /etc/meridian/zones --listen :53",
            "  meridian serve --config /etc/meridian/server.yaml --drain 5s");
    root.addSubcommand("serve", spec);
  }

  private static int serve(CommandSpec spec) {
    ServerConfig.Builder builder = Options.config(spec);
    String file = Options.text(spec, "--config");
    if (file != null) {
      builder.file(Path.of(file));
    }
    ServerConfig config = builder.conclude();
    try (Server server = Server.start(config, Parts.of(config, Version.text()))) {
      Signals signals = Signals.install(() -> server.reload("SIGHUP"));
      try (HttpSurface _ = HttpSurface.open(config.http(), server)) {
        signals.awaitStop();
        LOG.info("Stopping");
        server.drain();
      }
      return 0;
    } catch (LoadFailedException e) {
      throw Failures.wrongFiles(config.zones(), e);
    }
  }

  /** The HTTP surface, or none. */
  record HttpSurface(@Nullable HttpServer server) implements AutoCloseable {
    static HttpSurface open(Optional<InetSocketAddress> address, Server server) {
      if (address.isEmpty()) {
        return new HttpSurface(null);
      }
      String text = ListenAddress.format(address.get());
      try {
        HttpServer http = Api.open(address.get(), server);
        LOG.info("Ops page on http://{}/", ListenAddress.format(http.address()));
        return new HttpSurface(http);
      } catch (IOException e) {
        throw CommandException.cannotRun(
            "meridian: cannot serve HTTP on "
                + text
                + ": "
                + e.getMessage()
                + "; stop the other server, choose another --http, or turn it off");
      }
    }

    @Override
    public void close() {
      if (server != null) {
        server.close();
      }
    }
  }
}
