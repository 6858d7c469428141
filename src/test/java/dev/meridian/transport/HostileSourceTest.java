package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Latches;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams from sources that nobody can be answered at, made with a raw socket. */
class HostileSourceTest {
  /** Arguments: source address, source port, destination port, payload in hexadecimal. */
  private static final String RAW_DATAGRAM =
      """
      import socket, struct, sys
      source, port, to, payload = sys.argv[1:]
      octets = bytes.fromhex(payload)
      udp = struct.pack('!HHHH', int(port), int(to), 8 + len(octets), 0) + octets
      ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0)
      ip += socket.inet_aton(source) + socket.inet_aton('127.0.0.1')
      raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
      raw.sendto(ip + udp, ('127.0.0.1', 0))
      """;

  /** The kernel lets nobody send there without asking for it first. */
  private static final String BROADCAST = "127.255.255.255";

  @BeforeAll
  static void needsRawSockets() throws Exception {
    int discard = 9;
    Command.Result sent = sendRaw("127.0.0.1", discard, discard, "");
    assumeTrue(sent.exit() == 0, () -> "needs the right to open a raw socket: " + sent.output());
  }

  @ParameterizedTest
  @EnumSource
  @Check("S02")
  void whatNobodyCanBeAnsweredAtIsDroppedBeforeItIsAnswered(UdpPath path) throws Exception {
    MessageHandler impossible = context -> 1 << 16;
    try (DnsServer server = UdpTest.start(path, "127.0.0.1", Echo.factory(impossible))) {
      sendFrom("127.0.0.1", 0, server, 1);
      UdpTest.awaitCount(server, TransportCounter.UDP_SOURCE_REFUSED, 1);
      sendFrom("127.0.0.1", server.boundAddresses().getFirst().getPort(), server, 1);
      UdpTest.awaitCount(server, TransportCounter.UDP_SOURCE_REFUSED, 2);
      assertThat(UdpTest.count(server, TransportCounter.HANDLER_FAILURES)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Check("S02")
  void repliesThatTheKernelRefusesCostNoOtherReply(UdpPath path) throws Exception {
    CountDownLatch allSent = new CountDownLatch(1);
    MessageHandler waiting =
        context -> {
          Latches.await(allSent);
          return Echo.answer(context);
        };
    DnsServer server =
        DnsServer.start(
            List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
            TransportSettings.defaults().withLoops(1).withUdpPath(path),
            Echo.factory(waiting));
    try (server;
        DatagramSocket client = new DatagramSocket()) {
      client.setSoTimeout(10_000);
      InetSocketAddress to = server.boundAddresses().getFirst();
      for (int id = 0; id < 6; id++) {
        if (id % 2 == 1) {
          sendFrom(BROADCAST, 5353, server, id);
        } else {
          client.send(new DatagramPacket(Echo.query(id, id), Echo.query(id, id).length, to));
        }
      }
      allSent.countDown();
      for (int id = 0; id < 6; id += 2) {
        DatagramPacket answer = new DatagramPacket(new byte[512], 512);
        client.receive(answer);
        assertThat(answer.getData()[1]).isEqualTo((byte) id);
      }
      UdpTest.awaitCount(server, TransportCounter.UDP_SEND_REFUSED, 3);
      UdpTest.awaitCount(server, TransportCounter.UDP_SENT, 3);
    }
  }

  private static void sendFrom(String source, int port, DnsServer server, int id) throws Exception {
    int to = server.boundAddresses().getFirst().getPort();
    String query = HexFormat.of().formatHex(Echo.query(id, id));
    assertThat(sendRaw(source, port, to, query).output()).isEmpty();
  }

  private static Command.Result sendRaw(String source, int port, int to, String payload)
      throws Exception {
    return Command.run(
        "python3",
        "-c",
        RAW_DATAGRAM,
        source,
        Integer.toString(port),
        Integer.toString(to),
        payload);
  }
}
