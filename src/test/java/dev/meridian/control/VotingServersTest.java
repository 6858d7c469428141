package dev.meridian.control;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.HealthStatus;
import dev.meridian.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three whole servers that vote over loopback on a target that can fail for some of them only. */
class VotingServersTest {
  private static final String POLICY =
      """
      health-checks:
        web:
          http: { port: PORT, address: 127.0.0.1 }
          interval: 1s
          failure-threshold: 1
          success-threshold: 1
      endpoints:
        a: { address: 192.0.2.10, health-check: web }
        b: { address: 192.0.2.20 }
      records:
        www: { ttl: 30, failover: [ a, b ] }
      """;

  @TempDir private Path folder;

  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private final List<Server> servers = new ArrayList<>();
  private HttpServer target;

  VotingServersTest() throws IOException {
    target = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    target.createContext(
        "/",
        exchange -> {
          String agent = exchange.getRequestHeaders().getFirst("User-Agent");
          boolean fails = broken.stream().anyMatch(agent::contains);
          exchange.sendResponseHeaders(fails ? 503 : 200, -1);
          exchange.close();
        });
    target.start();
  }

  @BeforeEach
  void start() throws Exception {
    Path zones = ZoneFolder.write(folder.resolve("zones"), 1);
    int port = target.getAddress().getPort();
    Files.writeString(zones.resolve("example.org.policy.yaml"), POLICY.replace("PORT", "" + port));
    Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef\n");
    List<String> addresses =
        IntStream.range(0, 3).mapToObj(_ -> "127.0.0.1:" + FreePort.on("127.0.0.1")).toList();
    for (int i = 0; i < 3; i++) {
      List<String> peers = new ArrayList<>(addresses);
      peers.remove(i);
      ServerConfig config =
          ServerConfig.builder()
              .flag(ConfigKey.ZONES, List.of(zones.toString()))
              .flag(ConfigKey.STATE, List.of(folder.resolve("state" + i).toString()))
              .flag(ConfigKey.LISTEN, List.of("127.0.0.1:0"))
              .flag(ConfigKey.LOOPS, List.of("1"))
              .flag(ConfigKey.WATCH, List.of("off"))
              .flag(ConfigKey.VANTAGE, List.of("region-" + i + "/one"))
              .flag(ConfigKey.VOTE_LISTEN, List.of(addresses.get(i)))
              .flag(ConfigKey.VOTE_PEERS, peers)
              .flag(ConfigKey.VOTE_KEY_FILE, List.of(key.toString()))
              .flag(ConfigKey.QUORUM, List.of("majority"))
              .conclude();
      servers.add(Server.start(config, Parts.of(config, "server-" + i)));
    }
  }

  @AfterEach
  void close() {
    servers.forEach(Server::close);
    target.stop(0);
  }

  @Test
  void onlyWhatMostSeeIsBelievedAndWhoIsCutOffTakesNothingDown() {
    awaitAll("3 of 3 vantage points say healthy", true);

    broken.add("server-0");
    awaitAll("2 of 3 vantage points say healthy", true);

    broken.add("server-1");
    awaitAll("1 of 3 vantage points say healthy", false);

    broken.clear();
    awaitAll("3 of 3 vantage points say healthy", true);

    servers.removeFirst().close();
    servers.removeFirst().close();
    broken.add("server-2");
    awaitAll("kept, only 1 of 3 vantage points heard", true);
    assertThat(status(servers.getFirst()).state().up()).as("its own verdict").isFalse();
  }

  private void awaitAll(String reason, boolean healthy) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(servers)
                    .extracting(VotingServersTest::status)
                    .extracting(HealthStatus::standing)
                    .allMatch(
                        standing ->
                            standing.reason().startsWith(reason) && standing.healthy() == healthy));
  }

  private static HealthStatus status(Server server) {
    return requireNonNull(server.board().status(ZoneFolder.CHECK));
  }
}
