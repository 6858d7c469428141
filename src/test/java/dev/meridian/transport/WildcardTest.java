package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server on wildcard addresses, in a network of its own whose addresses the test adds and
 * removes. dig takes an answer only from the address that it asked.
 */
class WildcardTest {
  private static final int PORT = 5355;

  private final String namespace = "meridian-" + ProcessHandle.current().pid();

  /** What runs inside of the namespace. */
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws IOException {
      TransportSettings settings =
          TransportSettings.defaults()
              .withLoops(2)
              .withUdpPath(UdpPath.valueOf(arguments[0]))
              .withAddressScanInterval(Duration.ofMillis(100));
      List<InetSocketAddress> wildcards =
          List.of(
              new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), PORT),
              new InetSocketAddress(InetAddress.ofLiteral("::"), PORT));
      try (DnsServer server = DnsServer.start(wildcards, settings, Echo.factory())) {
        System.out.println(server.boundAddresses());
        // Until the parent closes the pipe.
        while (System.in.read() >= 0) {}
      }
    }
  }

  @BeforeEach
  void makeNetwork() throws Exception {
    Command.Result made = Command.run("ip", "netns", "add", namespace);
    assumeTrue(made.exit() == 0, () -> "needs the right to make a network: " + made.output());
    inside("ip", "link", "set", "lo", "up");
    inside("ip", "addr", "add", "198.51.100.1/32", "dev", "lo");
    inside("ip", "addr", "add", "2001:db8::1/128", "dev", "lo");
  }

  @AfterEach
  void removeNetwork() throws Exception {
    Command.run("ip", "netns", "del", namespace);
  }

  @ParameterizedTest
  @EnumSource(names = {"FOREIGN", "NIO"})
  void answersLeaveFromTheAddressThatWasAskedAsAddressesComeAndGo(UdpPath path) throws Exception {
    Process server = startInside(path);
    try {
      for (String address : List.of("127.0.0.1", "198.51.100.1", "::1", "2001:db8::1")) {
        assertThat(ask(address)).as(address).contains("NOERROR");
      }
      inside("ip", "addr", "add", "198.51.100.2/32", "dev", "lo");
      inside("ip", "addr", "add", "2001:db8::2/128", "dev", "lo");
      await().until(() -> ask("198.51.100.2").contains("NOERROR"));
      await().until(() -> ask("2001:db8::2").contains("NOERROR"));

      inside("ip", "addr", "del", "198.51.100.1/32", "dev", "lo");
      await().until(() -> !inside("ss", "-ulnH").contains("198.51.100.1:" + PORT));
      assertThat(inside("ss", "-tlnH")).doesNotContain("198.51.100.1:" + PORT);
      assertThat(ask("198.51.100.2")).contains("NOERROR");
    } finally {
      server.getOutputStream().close();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).as("the server ends").isTrue();
    }
  }

  private Process startInside(UdpPath path) throws IOException {
    Process server =
        Command.start(
            "ip",
            "netns",
            "exec",
            namespace,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Server.class.getName(),
            path.name());
    BufferedReader output =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    assertThat(output.lines().anyMatch(line -> line.contains("198.51.100.1:" + PORT)))
        .as("the server starts")
        .isTrue();
    return server;
  }

  private String ask(String address) throws IOException, InterruptedException {
    return inside(
        "dig", "@" + address, "-p", Integer.toString(PORT), "+tries=1", "+time=5", "example.com");
  }

  private String inside(String... command) throws IOException, InterruptedException {
    String[] all = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", namespace}, 0, all, 0, 4);
    System.arraycopy(command, 0, all, 4, command.length);
    return Command.run(all).output();
  }
}
