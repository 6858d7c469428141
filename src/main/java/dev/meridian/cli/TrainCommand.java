package dev.meridian.cli;

import dev.meridian.api.Api;
import dev.meridian.api.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ListenAddress;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Parts;
import dev.meridian.control.Server;
import dev.meridian.control.WarmUp;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code meridian train}: goes the way of a real start and a short life, on ports of the system's
 * choice, so that the class cache made from it holds what a real start needs. Run by the build.
 */
final class TrainCommand {
  private static final int QUERIES = 500;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final String ANY_PORT = "127.0.0.1:0";

  private TrainCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("train", _ -> train(console));
    spec.usageMessage()
        .hidden(true)
        .description("Starts, answers its own queries and stops: for the class cache of the JVM.");
    root.addSubcommand("train", spec);
  }

  private static int train(Console console) {
    try {
      Path state = Files.createTempDirectory("meridian-train-");
      try {
        return train(console, state);
      } finally {
        delete(state);
      }
    } catch (IOException e) {
      throw CommandException.cannotRun(String.valueOf(e.getMessage()));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static int train(Console console, Path state) throws IOException {
    ServerConfig config =
        ServerConfig.builder()
            .flag(ConfigKey.ZONES, List.of(zones().toString()))
            .flag(ConfigKey.STATE, List.of(state.toString()))
            .flag(ConfigKey.LISTEN, List.of(ANY_PORT))
            .flag(ConfigKey.HTTP, List.of(ANY_PORT))
            .conclude();
    try (LogOutput _ = LogOutput.install();
        Server server = Server.start(config, Parts.of(config, Version.text()));
        HttpServer http = Api.open(config.http().orElseThrow(), server)) {
      ask(server.addresses().getFirst(), server.state().zones().get(0).apex());
      ServerClient client = new ServerClient(ListenAddress.format(http.address()), null, null);
      for (String path : List.of("/", "/readyz", "/metrics", "/api/v1/status", "/api/v1/states")) {
        if (client.ask("GET", path) == null) {
          throw CommandException.cannotRun("no answer to GET " + path);
        }
      }
      console.line("trained");
      return 0;
    } catch (LoadFailedException e) {
      throw Failures.wrongFiles(config.zones(), e);
    }
  }

  /** The examples beside the installed program, else those of the working folder. */
  private static Path zones() {
    String home = System.getProperty("meridian.home");
    Path installed = home == null ? Path.of("zones") : Path.of(home, "zones");
    return Files.isDirectory(installed) ? installed : Path.of("zones");
  }

  private static void ask(InetSocketAddress server, DomainName name) throws IOException {
    byte[] query = WarmUp.query(name, RRType.SOA, true);
    try (DatagramSocket udp = new DatagramSocket()) {
      udp.setSoTimeout(PATIENCE_MILLIS);
      byte[] answer = new byte[4096];
      for (int i = 0; i < QUERIES; i++) {
        udp.send(new DatagramPacket(query, query.length, server));
        udp.receive(new DatagramPacket(answer, answer.length));
      }
    }
    try (Socket tcp = new Socket(server.getAddress(), server.getPort())) {
      tcp.setSoTimeout(PATIENCE_MILLIS);
      ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
      framed.putShort((short) query.length).put(query);
      OutputStream out = tcp.getOutputStream();
      out.write(framed.array());
      if (tcp.getInputStream().readNBytes(2).length < 2) {
        throw new IOException("no answer over TCP");
      }
    }
  }
}
