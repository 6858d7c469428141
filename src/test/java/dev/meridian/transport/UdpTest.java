package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same for every way to move datagrams. */
class UdpTest {
  private static final int TIMEOUT_MILLIS = 5000;

  @ParameterizedTest
  @EnumSource
  void answersOverIpv4(UdpPath path) throws IOException {
    try (DnsServer server = start(path, "127.0.0.1", Echo.factory());
        DatagramSocket client = client()) {
      byte[] query = Echo.query(7, 1);
      assertThat(ask(client, server, query)).isEqualTo(Echo.response(query));
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersOverIpv6(UdpPath path) throws IOException {
    try (DnsServer server = start(path, "::1", Echo.factory());
        DatagramSocket client = client()) {
      byte[] query = Echo.query(7, 1);
      assertThat(ask(client, server, query)).isEqualTo(Echo.response(query));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheHandlerWhoAsks(UdpPath path) throws IOException {
    MessageHandler sourceAsAnswer =
        context -> {
          context.response()[0] = (byte) (context.source().isIpv4() ? 4 : 6);
          context.response()[1] = (byte) context.source().prefixLength();
          context.response()[2] = (byte) (context.source().low() >>> 24);
          context.response()[3] = (byte) context.source().low();
          return 4;
        };
    try (DnsServer v4 = start(path, "127.0.0.1", Echo.factory(sourceAsAnswer));
        DnsServer v6 = start(path, "::1", Echo.factory(sourceAsAnswer));
        DatagramSocket client = client()) {
      assertThat(ask(client, v4, Echo.query(1, 1))).containsExactly(4, 32, 127, 1);
      assertThat(ask(client, v6, Echo.query(1, 1))).containsExactly(6, (byte) 128, 0, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyQueryOfABurstHasItsOwnAnswer(UdpPath path) throws IOException {
    int queries = 500;
    try (DnsServer server = start(path, "127.0.0.1", Echo.factory());
        DatagramSocket client = client()) {
      client.setReceiveBufferSize(1 << 20);
      InetSocketAddress to = server.boundAddresses().getFirst();
      Set<List<Byte>> expected = new HashSet<>();
      for (int i = 0; i < queries; i++) {
        byte[] query = Echo.query(i, i);
        expected.add(asList(Echo.response(query)));
        client.send(new DatagramPacket(query, query.length, to));
      }
      Set<List<Byte>> answers = new HashSet<>();
      for (int i = 0; i < queries; i++) {
        answers.add(asList(receive(client)));
      }
      assertThat(answers).isEqualTo(expected);
      awaitCount(server, TransportCounter.UDP_RECEIVED, queries);
      awaitCount(server, TransportCounter.UDP_SENT, queries);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSilentHandlerSendsNothingAndTheNextQueryIsAnswered(UdpPath path) throws IOException {
    MessageHandler evenOnly = context -> context.request()[1] % 2 == 0 ? Echo.answer(context) : 0;
    try (DnsServer server = start(path, "127.0.0.1", Echo.factory(evenOnly));
        DatagramSocket client = client()) {
      send(client, server, Echo.query(1, 1));
      send(client, server, Echo.query(2, 2));
      send(client, server, Echo.query(3, 3));
      byte[] last = Echo.query(4, 4);
      assertThat(receive(client)).isEqualTo(Echo.response(Echo.query(2, 2)));
      assertThat(ask(client, server, last)).isEqualTo(Echo.response(last));
      awaitCount(server, TransportCounter.UDP_UNANSWERED, 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerThatThrowsCostsOneAnswerOnly(UdpPath path) throws IOException {
    MessageHandler fragile =
        context -> {
          if (context.request()[1] == 1) {
            throw new StackOverflowError("made up by a test");
          }
          return context.request()[1] == 2 ? 1 << 16 : Echo.answer(context);
        };
    try (DnsServer server = start(path, "127.0.0.1", Echo.factory(fragile));
        DatagramSocket client = client()) {
      send(client, server, Echo.query(1, 1));
      send(client, server, Echo.query(2, 2));
      byte[] good = Echo.query(3, 3);
      assertThat(ask(client, server, good)).isEqualTo(Echo.response(good));
      awaitCount(server, TransportCounter.HANDLER_FAILURES, 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void longDatagramsAreDroppedInBothDirections(UdpPath path) throws IOException {
    MessageHandler longAnswerToOne =
        context ->
            context.request()[1] == 1
                ? TransportSettings.MAX_DATAGRAM_OCTETS + 1
                : Echo.answer(context);
    try (DnsServer server = start(path, "127.0.0.1", Echo.factory(longAnswerToOne));
        DatagramSocket client = client()) {
      send(client, server, new byte[TransportSettings.MAX_DATAGRAM_OCTETS + 1]);
      send(client, server, Echo.query(1, 1));
      byte[] full = Arrays.copyOf(Echo.query(2, 2), TransportSettings.MAX_DATAGRAM_OCTETS);
      assertThat(ask(client, server, full)).isEqualTo(Echo.response(Echo.query(2, 2)));
      awaitCount(server, TransportCounter.UDP_TOO_LONG, 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyDatagramReachesTheHandler(UdpPath path) throws IOException {
    try (DnsServer server = start(path, "127.0.0.1", Echo.factory(context -> 0));
        DatagramSocket client = client()) {
      send(client, server, new byte[0]);
      client.setSoTimeout(200);
      assertThat(silent(client)).isTrue();
      awaitCount(server, TransportCounter.UDP_UNANSWERED, 1);
    }
  }

  static DnsServer start(UdpPath path, String host, LoopFactory factory) {
    assumeTrue(path == UdpPath.NIO || path == UdpPath.AUTO || Epoll.isAvailable(), "needs epoll");
    InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(host), 0);
    return DnsServer.start(
        List.of(any), TransportSettings.defaults().withLoops(2).withUdpPath(path), factory);
  }

  /** Counters follow what they count, so a client may be ahead of them. */
  static void awaitCount(DnsServer server, TransportCounter counter, long expected) {
    await().untilAsserted(() -> assertThat(count(server, counter)).isEqualTo(expected));
  }

  static long count(DnsServer server, TransportCounter counter) {
    return server.stats().stream().mapToLong(stats -> stats.value(counter)).sum();
  }

  private static DatagramSocket client() throws IOException {
    DatagramSocket client = new DatagramSocket();
    client.setSoTimeout(TIMEOUT_MILLIS);
    return client;
  }

  private static void send(DatagramSocket client, DnsServer server, byte[] query)
      throws IOException {
    InetSocketAddress to = server.boundAddresses().getFirst();
    client.send(new DatagramPacket(query, query.length, to));
  }

  private static byte[] ask(DatagramSocket client, DnsServer server, byte[] query)
      throws IOException {
    send(client, server, query);
    return receive(client);
  }

  private static byte[] receive(DatagramSocket client) throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
    client.receive(answer);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  private static boolean silent(DatagramSocket client) throws IOException {
    try {
      receive(client);
      return false;
    } catch (SocketTimeoutException expected) {
      return true;
    }
  }

  private static List<Byte> asList(byte[] octets) {
    Byte[] boxed = new Byte[octets.length];
    Arrays.setAll(boxed, i -> octets[i]);
    return List.of(boxed);
  }
}
