package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.meridian.net.Prefix;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Malformation;
import dev.meridian.testkit.ResponseLaws;
import dev.meridian.transport.DnsServer;
import dev.meridian.transport.QueryLoop;
import dev.meridian.transport.TransportCounter;
import dev.meridian.transport.TransportSettings;
import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Packets that no resolver sends. Whatever comes: no exception, no answer to an answer, nothing
 * back that is longer than what was malformed, every answer well formed, and the next good query
 * answered. The same through the sockets of a server, which answers what the answer path alone
 * does, says nothing to its log, and holds no descriptor or memory more at the end.
 *
 * <p>{@code -Dtest.seed} repeats a run, {@code -Dtest.packets} makes it longer.
 */
class MalformedPacketsTest {
  private static final long SEED = Long.getLong("test.seed", 71);
  private static final int PACKETS = Integer.getInteger("test.packets", 30_000);
  private static final int UDP_PAYLOAD = 1232;

  /** Packets on their way at a time: few enough for any receive buffer. */
  private static final int BATCH = 32;

  private static final int GOOD_ID = 0xFFFF;
  private static final long LEAKED_OCTETS = 8 << 20;

  private final Random random = new Random(SEED);
  private final List<byte[]> good = new ArrayList<>();
  private final AnswerSettings settings =
      new AnswerSettings(
          UDP_PAYLOAD,
          Optional.of(
              new ServerCookies(
                  CookieSecrets.random(random), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))),
          new ServerIdentity(Optional.of("1"), Optional.of("id")),
          Optional.of(Duration.ofSeconds(10)),
          false);
  private final Answering answering =
      new Answering(
          List.of(
              Answering.zone(
                      "example.com.",
                      """
                      @ 300 SOA ns1 hostmaster 1 2 3 4 5
                      @ 300 NS ns1
                      ns1 300 A 192.0.2.1
                      www 300 A 192.0.2.80
                      alias 60 CNAME www
                      dn 300 DNAME example.com.
                      *.wild 300 MX 5 www
                      sub 300 NS ns.sub
                      ns.sub 300 A 192.0.2.53
                      """)
                  .build()),
          settings);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final ResourceLeakDetector.Level leakLevel = ResourceLeakDetector.getLevel();

  MalformedPacketsTest() {
    for (String name : List.of("www", "alias", "a.dn", "b.dn.dn.dn", "x.wild", "y.sub", "no.way")) {
      good.add(Answering.query(name + ".example.com.", "A").toWire());
      good.add(Answering.query(name + ".example.com.", "MX", "192.0.2.0/24").toWire());
      good.add(Answering.query(name + ".example.com.", "ANY", "2001:db8::/56").toWire());
      for (int code : List.of(3, 10, 11)) {
        byte[] data = new byte[code == 10 ? 24 : 0];
        good.add(Answering.queryWithOption(name + ".example.com.", "A", code, data).toWire());
      }
    }
  }

  @BeforeEach
  void watch() {
    log.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID); // tells it to the log
  }

  @AfterEach
  void watchNoLonger() {
    ResourceLeakDetector.setLevel(leakLevel);
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(log);
  }

  @Test
  @Check({"S03", "S121"})
  void nothingThatComesDoesHarm() throws IOException {
    int[] rcodes = new int[16];
    try (DnsServer server = start()) {
      List<InetSocketAddress> addresses = server.boundAddresses();
      exchange(addresses.getFirst(), false, rcodes);
      exchange(addresses.getFirst(), true, rcodes);
      Footprint before = Footprint.now();
      for (int batch = 0; batch < PACKETS / BATCH; batch++) {
        exchange(addresses.get(batch % addresses.size()), random.nextInt(4) == 0, rcodes);
      }
      before.assertThatNoMoreIsHeld();
      assertThat(server.stats())
          .allSatisfy(stats -> assertThat(stats.value(TransportCounter.HANDLER_FAILURES)).isZero());
    }
    assertThat(log.list).as("what the server said to its log").isEmpty();
    // the packets get everywhere: answers, errors of every kind, and silence
    for (int rcode : List.of(0, Rcode.FORMERR, Rcode.NXDOMAIN, Rcode.NOTIMP, Rcode.REFUSED, 15)) {
      assertThat(rcodes[rcode]).as("packets with code %d, seed %d", rcode, SEED).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Check({"S01", "S03", "S04", "S05", "S06", "S15", "S16", "S17", "S18", "S19", "S55"})
  void everyKindIsAnsweredLawfully(Malformation malformation) {
    for (byte[] query : good) {
      for (int i = 0; i < 50; i++) {
        byte[] packet = malformation.apply(query, random);
        for (boolean tcp : List.of(false, true)) {
          ResponseLaws.check(packet, tcp, UDP_PAYLOAD, answering.raw(packet, tcp));
        }
      }
    }
  }

  @Test
  void aQueryCutAnywhereIsMalformed() {
    for (byte[] query : good) {
      for (int length = 0; length < query.length; length++) {
        byte[] response = answering.raw(Arrays.copyOf(query, length), false);
        if (length < Header.LENGTH) {
          assertThat(response).isEmpty();
        } else {
          assertThat(response).hasSize(Header.LENGTH);
          assertThat(response[3] & 0xF).isEqualTo(Rcode.FORMERR);
        }
      }
    }
  }

  private DnsServer start() {
    StateHolder states = new StateHolder();
    states.publish(answering.state());
    List<InetSocketAddress> listen = new ArrayList<>();
    listen.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    InetAddress loopback6 = InetAddress.ofLiteral("::1");
    try (ServerSocket probe = new ServerSocket(0, 1, loopback6)) {
      listen.add(new InetSocketAddress(probe.getInetAddress(), 0));
    } catch (IOException e) {
      // this host has no IPv6
    }
    return DnsServer.start(
        listen,
        TransportSettings.defaults(),
        (loop, traffic) ->
            new QueryLoop(new QueryContext(loop), new QueryProcessor(states, settings)::process));
  }

  /** One batch through the sockets, each response compared with what it should be. */
  private void exchange(InetSocketAddress server, boolean tcp, int[] rcodes) throws IOException {
    List<byte[]> packets = new ArrayList<>();
    for (int id = 0; id < BATCH; id++) {
      packets.add(withId(Malformation.any(good.get(random.nextInt(good.size())), random), id));
    }
    byte[] query = withId(good.getFirst(), GOOD_ID);
    Map<Integer, byte[]> responses = PacketClient.ask(server, tcp, packets, query);
    Prefix client = Prefix.of(server.getAddress().getAddress(), 8 * addressLength(server));
    for (int id = 0; id < BATCH; id++) {
      byte[] packet = packets.get(id);
      byte[] expected = answering.raw(packet, tcp, client);
      ResponseLaws.check(packet, tcp, UDP_PAYLOAD, expected);
      byte[] response = responses.getOrDefault(id, new byte[0]);
      assertThat(response).as("seed %d", SEED).isEqualTo(expected);
      rcodes[response.length == 0 ? 15 : response[3] & 0xF]++;
    }
    assertThat(Answering.digest(Answering.parse(responses.getOrDefault(GOOD_ID, new byte[0]))))
        .as("after malformed packets, seed %d", SEED)
        .containsExactly("NOERROR aa", "answer: www.example.com. 300 A 192.0.2.80");
  }

  private static int addressLength(InetSocketAddress server) {
    return server.getAddress().getAddress().length;
  }

  private static byte[] withId(byte[] packet, int id) {
    byte[] changed = packet.clone();
    if (changed.length >= 2) {
      Octets.putShort(changed, Header.ID_OFFSET, id);
    }
    return changed;
  }

  /** What the process holds of this and that. */
  private record Footprint(long descriptors, long heap, long direct) {
    static Footprint now() {
      var memory = ManagementFactory.getMemoryMXBean();
      memory.gc();
      long direct =
          ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
      return new Footprint(descriptorsNow(), memory.getHeapMemoryUsage().getUsed(), direct);
    }

    private static long descriptorsNow() {
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        return open.count();
      } catch (IOException e) {
        return 0; // not Linux
      }
    }

    /** Connections that were just closed need a moment to be gone. */
    void assertThatNoMoreIsHeld() {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(descriptorsNow()).isLessThanOrEqualTo(descriptors));
      Footprint now = now();
      assertThat(now.heap - heap).as("octets of heap").isLessThan(LEAKED_OCTETS);
      assertThat(now.direct - direct).as("octets off the heap").isLessThan(LEAKED_OCTETS);
    }
  }
}
