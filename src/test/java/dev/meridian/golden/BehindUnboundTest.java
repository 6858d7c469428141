package dev.meridian.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.Counter;
import dev.meridian.testkit.FreePort;
import dev.meridian.testkit.GeoFixture;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/**
 * Clients of many regions behind one resolver that caches by client subnet: a scope that is too
 * short by one bit shows as another region's answer.
 */
class BehindUnboundTest {
  private static final List<String> COUNTRIES = List.of("FR", "JP", "BR", "ZA", "-");
  private static final long SEED = 7871;
  private static final int ROUNDS = 12;
  private static final int QUERIES = 250;

  /** Everywhere two places, {@code 192.0.2.<10 * region + 1>} and {@code + 2}, and TTLs of 1 s. */
  private static final String POLICY =
      """
      health-checks: { up: { tcp: { port: 80 } } }
      endpoints:
        fr1: { address: 192.0.2.1, health-check: up }
        fr2: { address: 192.0.2.2, health-check: up }
        jp1: { address: 192.0.2.11, health-check: up }
        jp2: { address: 192.0.2.12, health-check: up }
        br1: { address: 192.0.2.21, health-check: up }
        br2: { address: 192.0.2.22, health-check: up }
        za1: { address: 192.0.2.31, health-check: up }
        za2: { address: 192.0.2.32, health-check: up }
        xx1: { address: 192.0.2.41, health-check: up }
        xx2: { address: 192.0.2.42, health-check: up }
      records:
        geo:
          ttl: 1
          geolocation:
            FR: { failover: [fr1, fr2] }
            JP: { weighted: { jp1: 1, jp2: 1 } }
            BR: { failover: [br1, br2] }
            ZA: { multivalue: [za1, za2] }
            default: { failover: [xx1, xx2] }
        '*': { alias: geo }
      """;

  @TempDir private Path folder;
  private final GoldenServer server = GoldenServer.start();
  private final int port = FreePort.on("127.0.0.1");
  private final Random random = new Random(SEED);
  private int nextId;
  private final int[] regionOf = new int[64];
  private @Nullable Process unbound;

  @BeforeEach
  void startUnbound() throws Exception {
    Assumptions.assumeTrue(
        hasSubnetCache(), "unbound with the module subnetcache is not installed; see unbound");
    server.serve(
        Map.of("t.test.zone", InProcess.ZONE, "t.test.policy.yaml", POLICY),
        GeoFixture.database(mosaic()));
    Path config = Files.writeString(folder.resolve("unbound.conf"), config());
    unbound =
        new ProcessBuilder("unbound", "-d", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("unbound.log").toFile())
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (unbound != null) {
      unbound.destroy();
      assertThat(unbound.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    server.close();
  }

  private static boolean hasSubnetCache() throws InterruptedException {
    try {
      Process version = new ProcessBuilder("unbound", "-V").redirectErrorStream(true).start();
      String text = new String(version.getInputStream().readAllBytes(), UTF_8);
      version.waitFor();
      return text.contains("subnetcache");
    } catch (IOException missing) {
      return false;
    }
  }

  /** 100.64.0.0/18 in pieces of /24, some merged to /23 and /22 by having one country. */
  private List<String> mosaic() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < regionOf.length; i++) {
      boolean like = i > 0 && random.nextInt(3) == 0;
      regionOf[i] = like ? regionOf[i - 1] : random.nextInt(COUNTRIES.size());
      String country = COUNTRIES.get(regionOf[i]);
      if (!country.equals("-")) {
        lines.add("100.64." + i + ".0/24 " + country + " -");
      }
    }
    return lines;
  }

  private String config() {
    return """
        server:
          module-config: "subnetcache iterator"
          interface: 127.0.0.1@%d
          port: %d
          do-ip6: no
          num-threads: 1
          do-daemonize: no
          chroot: ""
          username: ""
          directory: "%s"
          pidfile: ""
          use-syslog: no
          logfile: ""
          access-control: 127.0.0.0/8 allow
          do-not-query-localhost: no
          local-zone: "test." nodefault
          send-client-subnet: 127.0.0.1/32
          client-subnet-always-forward: yes
          max-client-subnet-ipv4: 24
        remote-control:
          control-enable: no
        stub-zone:
          name: "t.test."
          stub-addr: 127.0.0.1@%d
        """
        .formatted(port, port, folder, server.address(Transport.UDP4).getPort());
  }

  private Message ask(DatagramSocket socket, String dig) throws IOException {
    byte[] query = Query.parse("dig " + dig).message();
    query[2] |= 1; // RD
    InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    byte[] buffer = new byte[4096];
    for (int tries = 0; tries < 100; tries++) {
      int id = nextId++ & 0xFFFF;
      query[0] = (byte) (id >> 8);
      query[1] = (byte) id;
      socket.send(new DatagramPacket(query, query.length, to));
      try {
        DatagramPacket response = new DatagramPacket(buffer, buffer.length);
        do {
          socket.receive(response);
        } while ((buffer[0] & 0xFF) << 8 != (id & 0xFF00) || (buffer[1] & 0xFF) != (id & 0xFF));
        return Digest.parse(Arrays.copyOf(buffer, response.getLength()));
      } catch (SocketTimeoutException | PortUnreachableException notYet) {
        assertThat(unbound != null && unbound.isAlive()).as(this::log).isTrue();
      }
    }
    throw new AssertionError("unbound does not answer: " + log());
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("unbound.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void noClientSeesTheAnswerOfAnotherRegionWhileHealthChanges() throws Exception {
    long before = routedAnswers();
    int asked = 0;
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(300);
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < QUERIES; i++, asked++) {
          if (i % 50 == 0) {
            changeHealth();
          }
          String name = random.nextBoolean() ? "geo" : "n" + round;
          int network = random.nextInt(regionOf.length);
          String client = "100.64." + network + ".0/24";
          Message answer = ask(socket, name + ".t.test. A +subnet=" + client);
          assertThat(InProcess.answers(answer)).as("%s, seed %s", client, SEED).isNotEmpty();
          for (String address : InProcess.answers(answer)) {
            int last = Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
            assertThat(last / 10)
                .as("%s: %s; %s", client, address, log())
                .isEqualTo(regionOf[network]);
          }
        }
      }
    }
    long forwarded = routedAnswers() - before;
    assertThat(forwarded).as("unbound asks, and caches").isBetween(1L, asked * 3L / 4);
  }

  /** One place of each region stays healthy: without any, geolocation has another region's. */
  private void changeHealth() {
    for (String endpoint : List.of("fr1", "jp2", "br1", "za1", "xx2")) {
      server.health(endpoint, random.nextBoolean());
    }
  }

  private long routedAnswers() {
    return server.counts().counters().getOrDefault(Counter.ROUTED, 0L);
  }
}
