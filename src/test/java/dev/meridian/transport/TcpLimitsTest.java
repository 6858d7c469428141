package dev.meridian.transport;

import static dev.meridian.transport.Tcp.assertClosed;
import static dev.meridian.transport.Tcp.connect;
import static dev.meridian.transport.Tcp.flood;
import static dev.meridian.transport.Tcp.framed;
import static dev.meridian.transport.Tcp.limits;
import static dev.meridian.transport.Tcp.receive;
import static dev.meridian.transport.Tcp.send;
import static dev.meridian.transport.Tcp.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many connections there may be, and who has to go. */
@Rfc(number = 9210, sections = "4")
class TcpLimitsTest {
  @Test
  @Check({"S20", "S23"})
  void theLongestIdleConnectionMakesRoomAtTheCap() throws IOException {
    try (DnsServer server = start(limits(3, 100, 60_000, 60_000));
        Socket first = connect(server);
        Socket second = connect(server);
        Socket third = connect(server)) {
      for (Socket each : List.of(first, second, third, first)) {
        send(each, framed(Echo.query(1, 1)));
        receive(each);
      }
      try (Socket fourth = connect(server)) {
        send(fourth, framed(Echo.query(4, 4)));
        assertThat(receive(fourth)).isEqualTo(Echo.response(Echo.query(4, 4)));
        assertClosed(server, second, TransportCounter.TCP_CLOSED_EVICTED);
        send(first, framed(Echo.query(5, 5)));
        assertThat(receive(first)).isEqualTo(Echo.response(Echo.query(5, 5)));
        UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 3);
      }
    }
  }

  @Test
  @Check("S20")
  void oneAddressCannotTakeMoreThanItsShare() throws IOException {
    List<Socket> clients = new ArrayList<>();
    try (DnsServer server = start(limits(100, 5, 60_000, 60_000))) {
      for (int i = 0; i < 20; i++) {
        clients.add(connect(server));
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_ACCEPTED, 20);
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 5);
      Socket last = clients.getLast();
      send(last, framed(Echo.query(1, 1)));
      assertThat(receive(last)).isEqualTo(Echo.response(Echo.query(1, 1)));
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 100", "1, 100", "100, 8", "100, 1"})
  void limitsHoldOverAllLoopsAndTheLongestIdleGoes(int connections, int perAddress)
      throws IOException {
    int max = Math.min(connections, perAddress);
    Deque<Socket> open = new ArrayDeque<>();
    try (DnsServer server = startWithLoops(4, limits(connections, perAddress, 60_000, 60_000))) {
      for (int i = 0; i < max; i++) {
        open.add(ask(connect(server)));
      }
      assertThat(UdpTest.count(server, TransportCounter.TCP_CLOSED_EVICTED)).isZero();
      for (int i = 1; i <= 3 * max; i++) {
        open.add(ask(connect(server)));
        UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_EVICTED, i);
        try (Socket evicted = open.remove()) {
          assertThat(Tcp.endOfStream(evicted)).isTrue();
        }
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, max);
      for (Socket client : open) {
        ask(client);
      }
    } finally {
      closeAll(open);
    }
  }

  @Test
  void aClientThatDoesNotTakeItsAnswersIsTheFirstToGo() throws IOException {
    MessageHandler longAnswers = context -> 60_000;
    try (DnsServer server = start(limits(3, 100, 60_000, 60_000), longAnswers);
        Socket first = ask(connect(server));
        Socket second = ask(connect(server));
        Socket slow = ask(connect(server))) {
      Thread.ofVirtual().start(() -> flood(slow, framed(Echo.query(1, 1)), 20_000));
      long received = awaitStall(server);
      try (Socket next = ask(connect(server))) {
        UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_EVICTED, 1);
        for (Socket each : List.of(first, second, next)) {
          ask(each);
        }
        UdpTest.awaitCount(server, TransportCounter.TCP_RECEIVED, received + 4);
      }
    }
  }

  @Test
  void twoThousandIdleConnectionsDisturbNobodyAndAreServed() throws IOException {
    int connections = 2000;
    int clients = 50;
    List<Socket> open = new ArrayList<>();
    TcpSettings limits = limits(connections, connections / clients, 60_000, 60_000);
    try (DnsServer server = startWithLoops(2, limits)) {
      for (int i = 0; i < connections; i++) {
        open.add(connectFrom("127.0.1." + (1 + i % clients), server));
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, connections);
      for (Socket client : open) {
        ask(client);
      }
      assertThat(UdpTest.count(server, TransportCounter.TCP_CLOSED_EVICTED)).isZero();
      try (Socket oneMore = ask(connect(server))) {
        UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_EVICTED, 1);
        ask(oneMore);
      }
    } finally {
      closeAll(open);
    }
  }

  /** Waits until the server reads no more, and says how many messages it has read by then. */
  private static long awaitStall(DnsServer server) {
    long[] last = {-1};
    await()
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              long before = last[0];
              last[0] = UdpTest.count(server, TransportCounter.TCP_RECEIVED);
              return last[0] > 3 && last[0] == before;
            });
    return last[0];
  }

  private static DnsServer startWithLoops(int loops, TcpSettings tcp) {
    return DnsServer.start(
        List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
        TransportSettings.defaults().withLoops(loops).withTcp(tcp),
        Echo.factory());
  }

  private static Socket connectFrom(String address, DnsServer server) throws IOException {
    Socket client = new Socket();
    client.setSoTimeout(5000);
    client.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    client.connect(server.boundAddresses().getFirst());
    return client;
  }

  private static Socket ask(Socket client) throws IOException {
    send(client, framed(Echo.query(1, 1)));
    receive(client);
    return client;
  }

  private static void closeAll(Iterable<Socket> clients) throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }
}
