package dev.meridian.transport;

import static dev.meridian.transport.Tcp.framed;
import static dev.meridian.transport.Tcp.receive;
import static dev.meridian.transport.Tcp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Rfc;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that has no file descriptor left for those who knock. */
class AcceptFailuresTest {
  private static final int DESCRIPTORS = 200;
  private static final int CLIENTS = 20;

  /** What the server wrote before it answered, the stack trace of one report included. */
  private final List<String> log = new ArrayList<>();

  private final List<Socket> clients = new ArrayList<>();
  private Process server;
  private BufferedReader output;
  private BufferedWriter input;

  @BeforeEach
  void start() {
    server =
        Command.start(
            "prlimit",
            "--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            StarvedServer.class.getName());
    output = server.inputReader();
    input = server.outputWriter();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    server.destroyForcibly();
  }

  @Test
  @Rfc(number = 9210, sections = "4")
  void connectionsWaitInTheKernelAndAreServedOnceThereAreDescriptors() throws Exception {
    int port = await("port ");
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(ask(port));
    }
    receive(clients.getFirst());
    Socket last = clients.getLast();
    last.setSoTimeout(500);
    assertThatThrownBy(() -> receive(last)).isInstanceOf(SocketTimeoutException.class);
    tell();
    last.setSoTimeout(10_000);
    for (Socket client : clients.subList(1, CLIENTS)) {
      assertThat(receive(client)).isEqualTo(Echo.response(Echo.query(1, 1)));
    }
    tell();
    assertThat(await("failures ")).as("attempts in vain").isBetween(1, 200);
    assertThat(log).filteredOn(line -> line.contains("accepting a TCP")).hasSize(1);
    assertThat(log).noneMatch(line -> line.contains("exceptionCaught"));
  }

  private static Socket ask(int port) throws IOException {
    Socket client = new Socket();
    client.setSoTimeout(10_000);
    client.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    send(client, framed(Echo.query(1, 1)));
    return client;
  }

  private void tell() throws IOException {
    input.newLine();
    input.flush();
  }

  /** The number behind a word that the server prints. */
  private int await(String word) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(word)) {
      log.add(line);
      line = output.readLine();
    }
    assertThat(line).as("output of the server: %s", log).isNotNull();
    return Integer.parseInt(line.substring(word.length()));
  }
}
