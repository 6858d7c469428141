package dev.meridian.cli;

import dev.meridian.api.HttpServer;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Server;
import dev.meridian.control.WarmUp;
import dev.meridian.net.SocketAddresses;
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
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code meridian train}: a real start and a short life, on ports of the system's choice, so that
 * the class cache made from it holds what a real start needs. Run by the build. What goes another
 * way than {@code meridian serve} is missing from the cache, and read from jars on the way to the
 * first answer.
 */
final class TrainCommand {
  private static final int QUERIES = 500;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final String ANY_PORT = "127.0.0.1:0";
  private static final List<String> PATHS =
      List.of("/", "/readyz", "/metrics", "/api/v1/status", "/api/v1/states");

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

  private static int train(Console console, Path state) {
    String[] arguments = {
      "serve",
      "--zones",
      zones().toString(),
      "--state",
      state.toString(),
      "--listen",
      ANY_PORT,
      "--http",
      ANY_PORT,
      "--drain",
      "0s"
    };
    ServerConfig.Builder config = ServeCommand.plain(arguments).orElseThrow();
    int code = ServeCommand.serve(config, List.of(arguments), false, TrainCommand::ask);
    console.line("trained");
    return code;
  }

  /** Asks what a server is asked in its first minute; then it may end. */
  private static boolean ask(Server server, @Nullable HttpServer http) {
    try {
      ask(server.addresses().getFirst(), server.state().zones().get(0).apex());
    } catch (IOException e) {
      throw CommandException.cannotRun(String.valueOf(e.getMessage()));
    }
    ServerClient client =
        new ServerClient(
            SocketAddresses.format(Objects.requireNonNull(http).address()), null, null);
    for (String path : PATHS) {
      if (client.ask("GET", path) == null) {
        throw CommandException.cannotRun("no answer to GET " + path);
      }
    }
    return false;
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
