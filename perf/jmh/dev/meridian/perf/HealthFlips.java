package dev.meridian.perf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/**
 * How long after the response that makes a target fail the first answer without it comes, over the
 * wire and through a server of its own process. One target after the other fails, for good.
 */
final class HealthFlips {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final long ALIVE = 0;
  private static final long FAILING = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Alive, failing, or when the failing response was sent, in nanoseconds. */
  private final AtomicLongArray states;

  private final int targets;

  private HealthFlips(int targets) {
    this.targets = targets;
    this.states = new AtomicLongArray(targets);
  }

  /** Measures so many flips and prints a table in Markdown. */
  static void measure(int targets) throws Exception {
    Path folder = Files.createTempDirectory("flips");
    try (ServerSocket listener = new ServerSocket(0, 4096, InetAddress.ofLiteral("0.0.0.0"))) {
      new HealthFlips(targets).measure(listener, folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void measure(ServerSocket listener, Path folder) throws Exception {
    Thread.ofPlatform().daemon().start(() -> accept(listener));
    write(folder, listener.getLocalPort());
    int port;
    try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
      port = free.getLocalPort();
    }
    Process server =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.meridian.cli.Main",
                "serve",
                "--zones",
                folder.resolve("zones").toString(),
                "--state",
                folder.resolve("state").toString(),
                "--config",
                folder.resolve("server.yaml").toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--http",
                "127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      print(flips(new InetSocketAddress(LOOPBACK, port)));
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private void write(Path folder, int port) throws IOException {
    Path zones = Files.createDirectories(folder.resolve("zones"));
    Files.writeString(folder.resolve("server.yaml"), "health-max-change: 100\n");
    Files.writeString(
        zones.resolve("t.test.zone"), "$TTL 60\n@ SOA ns h 1 2 3 4 300\n@ NS ns.other.test.\n");
    StringBuilder policy = new StringBuilder("health-checks:\n  web: { http: { port: ");
    policy.append(port);
    policy.append(" }, interval: 1s, failure-threshold: 1 }\nendpoints:\n");
    policy.append("  sorry: { address: 192.0.2.1 }\n");
    StringBuilder records = new StringBuilder("records:\n");
    for (int i = 0; i < targets; i++) {
      policy.append(
          String.format(
              Locale.ROOT, "  e%d: { address: 127.2.0.%d, health-check: web }%n", i, i + 1));
      records.append(String.format(Locale.ROOT, "  n%d: { failover: [ e%d, sorry ] }%n", i, i));
    }
    Files.writeString(zones.resolve("t.test.policy.yaml"), policy.append(records));
  }

  private void accept(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (Socket connection = listener.accept()) {
        int target = connection.getLocalAddress().getAddress()[3] - 1;
        int read = connection.getInputStream().read(new byte[1024]);
        boolean fails = read > 0 && states.get(target) != ALIVE;
        String status = fails ? "503 Busy" : "200 OK";
        byte[] response =
            ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(ISO_8859_1);
        states.compareAndSet(target, FAILING, System.nanoTime());
        connection.getOutputStream().write(response);
      } catch (IOException e) {
        // a probe that hung up, or the end
      }
    }
  }

  private long[] flips(InetSocketAddress server) throws Exception {
    long[] took = new long[targets];
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout(1000);
      awaitAll(socket);
      for (int i = 0; i < targets; i++) {
        states.set(i, FAILING);
        long begin = System.nanoTime();
        while (isAnswered(socket, i)) {
          if (System.nanoTime() - begin > PATIENCE.toNanos()) {
            throw new IllegalStateException("target " + i + " did not leave the answers");
          }
        }
        took[i] = System.nanoTime() - states.get(i);
      }
    }
    return took;
  }

  /** Until the server serves, and some rounds of probes have warmed it up. */
  private void awaitAll(DatagramSocket socket) throws Exception {
    for (int i = 0; i < 100 && !isServed(socket); i++) {
      Thread.sleep(200);
    }
    Thread.sleep(Duration.ofSeconds(10));
    for (int i = 0; i < targets; i++) {
      if (!isAnswered(socket, i)) {
        throw new IllegalStateException("target " + i + " is not answered to begin with");
      }
    }
  }

  private boolean isServed(DatagramSocket socket) {
    try {
      return isAnswered(socket, 0);
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the answer for a target's name is the target; a pause lets others have the core. */
  private static boolean isAnswered(DatagramSocket socket, int target) throws IOException {
    String label = "n" + target;
    byte[] name = ((char) label.length() + label + "\u0001t\u0004test\0").getBytes(ISO_8859_1);
    byte[] whole = new byte[12 + name.length + 4];
    whole[5] = 1;
    System.arraycopy(name, 0, whole, 12, name.length);
    whole[whole.length - 3] = 1;
    whole[whole.length - 1] = 1;
    socket.send(new DatagramPacket(whole, whole.length));
    DatagramPacket answer = new DatagramPacket(new byte[512], 512);
    socket.receive(answer);
    int end = answer.getLength();
    byte[] octets = answer.getData();
    for (int at = whole.length; at + 4 <= end; at++) {
      if (octets[at] == 127 && octets[at + 1] == 2 && octets[at + 3] == target + 1) {
        return true;
      }
    }
    return false;
  }

  private void print(long[] took) {
    Arrays.sort(took);
    System.out.println("| flips | p50 ms | p99 ms | max ms |\n|---|---|---|---|");
    List<Double> at = List.of(0.5, 0.99, 1.0);
    StringBuilder row = new StringBuilder("| ").append(took.length);
    for (double part : at) {
      row.append(
          String.format(Locale.ROOT, " | %.2f", took[(int) ((took.length - 1) * part)] / 1e6));
    }
    System.out.println(row.append(" |"));
  }
}
