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
import java.util.StringJoiner;
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
  private static final List<String> COUNTRIES =
      List.of("FR 48.9,2.4", "JP 35.7,139.7", "BR -23.5,-46.6", "ZA -33.9,18.4", "-");
  private static final int NOWHERE = 4;

  /** One of each way to look at a client, and two that nest them. */
  private static final List<String> NAMES = List.of("geo", "near", "quick", "blocks", "tree", "n");

  /** Who is nowhere is as near to one as to another. */
  private static final List<String> BY_DISTANCE = List.of("near", "quick");

  private static final long SEED = 7871;
  private static final int ROUNDS = 12;
  private static final int QUERIES = 250;

  /** Everywhere two places, {@code 192.0.2.<10 * region + 1>} and {@code + 2}, and TTLs of 1 s. */
  private static final String POLICY =
      """
      health-checks: { up: { tcp: { port: 80 } } }
      endpoints:
        fr1: { address: 192.0.2.1, location: eu-west-3, health-check: up }
        fr2: { address: 192.0.2.2, location: eu-west-3, health-check: up }
        jp1: { address: 192.0.2.11, location: ap-northeast-1, health-check: up }
        jp2: { address: 192.0.2.12, location: ap-northeast-1, health-check: up }
        br1: { address: 192.0.2.21, location: sa-east-1, health-check: up }
        br2: { address: 192.0.2.22, location: sa-east-1, health-check: up }
        za1: { address: 192.0.2.31, location: af-south-1, health-check: up }
        za2: { address: 192.0.2.32, location: af-south-1, health-check: up }
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
        near:
          ttl: 1
          geoproximity: { fr1: 0, fr2: 5, jp1: 0, jp2: -5, br1: 0, br2: 0, za1: 10, za2: 10 }
        quick: { ttl: 1, latency: [ fr1, fr2, jp1, jp2, br1, br2, za1, za2 ] }
        blocks:
          ttl: 1
          cidr:
            BLOCKS-0: { failover: [fr1, fr2] }
            BLOCKS-1: { weighted: { jp1: 1, jp2: 1 } }
            BLOCKS-2: { failover: [br1, br2] }
            BLOCKS-3: { multivalue: [za1, za2] }
            default: { failover: [xx1, xx2] }
        tree:
          ttl: 1
          geolocation:
            FR JP: { geoproximity: { fr1: 0, fr2: 0, jp1: 0, jp2: 0 } }
            default:
              cidr:
                BLOCKS-2: { failover: [ { latency: [br1, br2] }, xx1 ] }
                BLOCKS-3: { weighted: { za1: 1, za2: 1 } }
                default: { failover: [xx1, xx2] }
        '*': { alias: tree }
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
    List<String> places = mosaic();
    server.serve(
        Map.of("t.test.zone", InProcess.ZONE, "t.test.policy.yaml", policy()),
        GeoFixture.database(places));
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

  /** Pieces of /24 and /48, some merged to shorter ones by having one country. */
  private List<String> mosaic() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < regionOf.length; i++) {
      boolean like = i > 0 && random.nextInt(3) == 0;
      regionOf[i] = like ? regionOf[i - 1] : random.nextInt(COUNTRIES.size());
      if (regionOf[i] != NOWHERE) {
        lines.add(network(i) + " " + COUNTRIES.get(regionOf[i]));
      }
    }
    return lines;
  }

  /** Every third client has IPv6. */
  private static String network(int i) {
    return i % 3 == 0
        ? "2001:db8:" + Integer.toHexString(i / 3) + "::/48"
        : "100.64." + i + ".0/24";
  }

  private String policy() {
    String policy = POLICY;
    for (int region = 0; region < NOWHERE; region++) {
      StringJoiner blocks = new StringJoiner(" ");
      for (int i = 0; i < regionOf.length; i++) {
        if (regionOf[i] == region) {
          blocks.add(network(i));
        }
      }
      policy = policy.replace("BLOCKS-" + region, blocks.toString());
    }
    return policy;
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
          max-client-subnet-ipv6: 48
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
        String name = NAMES.get(round % NAMES.size());
        for (int i = 0; i < QUERIES; i++, asked++) {
          if (i % 50 == 0) {
            changeHealth();
          }
          int network = random.nextInt(regionOf.length);
          String client = network(network);
          Message answer = ask(socket, name + ".t.test. A +subnet=" + client);
          assertThat(InProcess.answers(answer)).as("%s, seed %s", client, SEED).isNotEmpty();
          for (String address : InProcess.answers(answer)) {
            int last = Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
            boolean anybody = regionOf[network] == NOWHERE && BY_DISTANCE.contains(name);
            assertThat(anybody ? NOWHERE : last / 10)
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
