package dev.meridian.cli;

import dev.meridian.api.Api;
import dev.meridian.api.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.LogFormat;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Server;
import dev.meridian.control.UpgradeException;
import dev.meridian.net.SocketAddresses;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.text.Reasons;
import dev.meridian.transport.DescriptorLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian serve}: the server, until a signal ends it. */
final class ServeCommand {
  static final String TAKE_OVER = "--take-over";

  private static final String CONFIG = "--config";

  private ServeCommand() {}

  static void addTo(CommandSpec root) {
    CommandSpec spec = Options.command("serve", ServeCommand::serve);
    for (ConfigKey key : ConfigKey.values()) {
      spec.addOption(Options.setting(key));
    }
    spec.addOption(
        Options.flag(
                TAKE_OVER,
                "Take the place of the server that has this state folder, which ends when this one"
                    + " answers; 'meridian upgrade' has the running server start it so.")
            .build());
    spec.addOption(
        Options.value(CONFIG, "FILE", "YAML file of the same settings; flags win.").build());
    spec.usageMessage()
        .abbreviateSynopsis(true) // every setting is an option, and all are listed below
        .description(
            "Serves a folder of zones until SIGTERM or SIGINT. SIGHUP loads it anew, and opens query-log and dnstap anew.")
        .footer(
            "",
            "Examples:",
            "  meridian serve",
            "  meridian serve --zones /etc/meridian/zones --listen :53",
            "  meridian serve --config /etc/meridian/server.yaml --drain 5s");
    root.addSubcommand("serve", spec);
  }

  /**
   * Reads a plain {@code serve --key value…} without the command line library, whose old class
   * files no class cache takes, so that loading it would be a third of the way to the first answer.
   *
   * @return empty for anything but that, help and mistakes included: the library knows what to say
   */
  static Optional<ServerConfig.Builder> plain(String[] args) {
    if (args.length % 2 == 0 || !args[0].equals("serve")) {
      return Optional.empty();
    }
    Map<ConfigKey, List<String>> given = new EnumMap<>(ConfigKey.class);
    ServerConfig.Builder builder = ServerConfig.builder();
    for (int i = 1; i < args.length; i += 2) {
      Optional<ConfigKey> key =
          args[i].startsWith("--") ? ConfigKey.of(args[i].substring(2)) : Optional.empty();
      if (args[i].equals(CONFIG)) {
        builder.file(Path.of(args[i + 1]));
      } else if (key.isPresent() && (key.get().repeatable() || !given.containsKey(key.get()))) {
        given.computeIfAbsent(key.get(), _ -> new ArrayList<>()).add(args[i + 1]);
      } else {
        return Optional.empty();
      }
    }
    given.forEach(builder::flag);
    return Optional.of(builder);
  }

  private static int serve(CommandSpec spec) {
    ServerConfig.Builder builder = Options.config(spec);
    String file = Options.text(spec, CONFIG);
    List<String> arguments = spec.commandLine().getParent().getParseResult().originalArgs();
    return serve(
        file == null ? builder : builder.file(Path.of(file)),
        arguments,
        Options.isSet(spec, TAKE_OVER));
  }

  /**
   * Serves until a signal comes, or another process has taken over.
   *
   * @param arguments of this process, for one that will take its place
   * @param takeOver whether to take another's
   */
  static int serve(ServerConfig.Builder builder, List<String> arguments, boolean takeOver) {
    return serve(builder, arguments, takeOver, ServeRun.NO_VISITOR);
  }

  /** As above, with a visitor as {@link ServeRun} has one. */
  static int serve(
      ServerConfig.Builder builder,
      List<String> arguments,
      boolean takeOver,
      BiPredicate<Server, @Nullable HttpServer> visitor) {
    ServerConfig config = builder.conclude();
    config.logFormat().ifPresent(ServeCommand::logAs);
    Optional<String> shortage = DescriptorLimit.shortage();
    if (shortage.isPresent()) {
      throw CommandException.cannotRun(shortage.get());
    }
    return serve(new ServeRun(config, new Launcher(arguments), visitor), config, takeOver);
  }

  private static int serve(ServeRun run, ServerConfig config, boolean takeOver) {
    try (LogOutput _ = LogOutput.install()) {
      if (takeOver) {
        run.takeOver();
      } else {
        run.start();
      }
      return 0;
    } catch (LoadFailedException e) {
      throw Failures.wrongFiles(config, e);
    } catch (UpgradeException e) {
      throw CommandException.cannotRun(String.valueOf(e.getMessage()));
    }
  }

  /** Before the first logger is made: the file that configures them reads it then. */
  private static void logAs(LogFormat format) {
    System.setProperty("MERIDIAN_LOG_FORMAT", format.name().toLowerCase(Locale.ROOT));
  }

  /** The HTTP surface, or none. */
  record HttpSurface(@Nullable HttpServer server) implements AutoCloseable {
    static HttpSurface open(ServerConfig config, Server server) {
      if (config.http().isEmpty() && config.httpSocket().isEmpty()) {
        return new HttpSurface(null);
      }
      try {
        HttpServer http = Api.open(server);
        if (config.http().isPresent()) {
          LoggerFactory.getLogger(ServeCommand.class)
              .info("Ops page on {}", opsPage(config, http.address()));
        }
        return new HttpSurface(http);
      } catch (IOException e) {
        throw CommandException.cannotRun("cannot serve HTTP: " + Reasons.withFile(e));
      }
    }

    /** What a browser on this machine can open: nobody can go to the address that means all. */
    static String opsPage(ServerConfig config, InetSocketAddress address) {
      String scheme = config.httpTlsCert().isPresent() ? "https" : "http";
      String here =
          address.getAddress().isAnyLocalAddress()
              ? config.httpHosts().stream().findFirst().orElse("localhost")
                  + ":"
                  + address.getPort()
              : SocketAddresses.format(address);
      return scheme + "://" + here + "/";
    }

    /** No other process has its sockets. */
    void keep() {
      if (server != null) {
        server.keep();
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
