package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP clients, good and bad, on real sockets. */
class TcpTest {
  private static final int TIMEOUT_MILLIS = 5000;

  @ParameterizedTest
  @EnumSource(names = {"FOREIGN", "NIO"})
  void answersOneQuery(UdpPath path) throws IOException {
    try (DnsServer server = UdpTest.start(path, "127.0.0.1", Echo.factory());
        Socket client = connect(server)) {
      byte[] query = Echo.query(1, 1);
      send(client, framed(query));
      assertThat(receive(client)).isEqualTo(Echo.response(query));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FOREIGN", "NIO"})
  void answersPipelinedQueriesInOrder(UdpPath path) throws IOException {
    try (DnsServer server = UdpTest.start(path, "::1", Echo.factory());
        Socket client = connect(server)) {
      int queries = 1000;
      byte[][] all = new byte[queries][];
      for (int i = 0; i < queries; i++) {
        all[i] = framed(Echo.query(i, i));
      }
      send(client, concat(all));
      for (int i = 0; i < queries; i++) {
        assertThat(receive(client)).isEqualTo(Echo.response(Echo.query(i, i)));
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_RECEIVED, queries);
      UdpTest.awaitCount(server, TransportCounter.TCP_SENT, queries);
    }
  }

  @Test
  void aQueryMayComeInSingleOctets() throws IOException {
    try (DnsServer server = start(TcpSettings.defaults());
        Socket client = connect(server)) {
      byte[] query = Echo.query(1, 1);
      byte[] rest = Echo.query(2, 2);
      byte[] both = concat(framed(query), framed(rest));
      for (byte octet : both) {
        send(client, new byte[] {octet});
      }
      assertThat(receive(client)).isEqualTo(Echo.response(query));
      assertThat(receive(client)).isEqualTo(Echo.response(rest));
    }
  }

  @Test
  void theLongestQuestionIsAnsweredAndOneOctetMoreClosesTheConnection() throws IOException {
    try (DnsServer server = start(TcpSettings.defaults());
        Socket client = connect(server)) {
      send(client, framed(Arrays.copyOf(Echo.query(1, 1), 4096)));
      assertThat(receive(client)).isEqualTo(Echo.response(Echo.query(1, 1)));
      send(client, framed(Arrays.copyOf(Echo.query(1, 1), 4097)));
      assertClosed(server, client, TransportCounter.TCP_CLOSED_BAD_LENGTH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11})
  void aLengthThatHoldsNoHeaderClosesTheConnectionAfterTheAnswersBeforeIt(int length)
      throws IOException {
    try (DnsServer server = start(TcpSettings.defaults());
        Socket client = connect(server)) {
      byte[] query = Echo.query(1, 1);
      send(client, concat(framed(query), framed(new byte[length])));
      assertThat(receive(client)).isEqualTo(Echo.response(query));
      assertClosed(server, client, TransportCounter.TCP_CLOSED_BAD_LENGTH);
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    try (DnsServer server = start(limits(100, 100, 300, 10_000));
        Socket client = connect(server)) {
      assertClosed(server, client, TransportCounter.TCP_CLOSED_IDLE);
    }
  }

  @Test
  void aMessageThatDripsInIsCutOffHoweverBusyItKeepsTheLine() throws Exception {
    try (DnsServer server = start(limits(100, 100, 60_000, 300));
        Socket client = connect(server)) {
      byte[] query = framed(Arrays.copyOf(Echo.query(1, 1), 4000));
      int sent = 0;
      while (UdpTest.count(server, TransportCounter.TCP_CLOSED_MESSAGE_TIMEOUT) == 0) {
        assertThat(sent).as("octets that the server took its time for").isLessThan(query.length);
        drip(client, query[sent++]);
      }
    }
  }

  @Test
  void aClientThatEndsItsSideStillGetsItsAnswers() throws IOException {
    try (DnsServer server = start(TcpSettings.defaults());
        Socket client = connect(server)) {
      byte[] query = Echo.query(1, 1);
      send(client, framed(query));
      client.shutdownOutput();
      assertThat(receive(client)).isEqualTo(Echo.response(query));
      assertClosed(server, client, TransportCounter.TCP_CLOSED_BY_CLIENT);
    }
  }

  @Test
  void aClientThatReadsNothingIsNotReadFromAndThenClosed() throws IOException {
    MessageHandler longAnswers = context -> 60_000;
    TcpSettings limits = limits(100, 100, 500, 10_000);
    try (DnsServer server = start(limits, longAnswers);
        Socket client = connect(server)) {
      byte[] query = framed(Echo.query(1, 1));
      int queries = 20_000;
      Thread.ofVirtual().start(() -> flood(client, query, queries));
      UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_SLOW_READER, 1);
      assertThat(UdpTest.count(server, TransportCounter.TCP_RECEIVED)).isLessThan(queries);
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 0);
    }
  }

  @Test
  void aSlowReaderGetsEveryAnswerOnceItReads() throws IOException {
    MessageHandler longAnswers =
        context -> {
          System.arraycopy(context.request(), 0, context.response(), 0, 2);
          return 30_000;
        };
    try (DnsServer server = start(TcpSettings.defaults(), longAnswers);
        Socket client = connect(server)) {
      int queries = 2000;
      Thread.ofVirtual()
          .start(
              () -> {
                for (int i = 0; i < queries; i++) {
                  flood(client, framed(Echo.query(i, 1)), 1);
                }
              });
      for (int i = 0; i < queries; i++) {
        byte[] answer = receive(client);
        assertThat(answer).hasSize(30_000);
        assertThat(Short.toUnsignedInt(ByteBuffer.wrap(answer).getShort())).isEqualTo(i);
      }
    }
  }

  @Test
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

  @Test
  void resetsCostNothingButTheConnection() throws IOException {
    try (DnsServer server = start(TcpSettings.defaults())) {
      for (int i = 0; i < 50; i++) {
        try (Socket client = connect(server)) {
          client.setOption(StandardSocketOptions.SO_LINGER, 0);
          send(client, framed(Echo.query(i, i)));
        }
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_BY_CLIENT, 50);
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 0);
    }
  }

  private static DnsServer start(TcpSettings tcp) {
    return start(tcp, Echo::answer);
  }

  /** One loop, so that limits are exact. */
  private static DnsServer start(TcpSettings tcp, MessageHandler handler) {
    return DnsServer.start(
        List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
        TransportSettings.defaults().withLoops(1).withTcp(tcp),
        Echo.factory(handler));
  }

  private static TcpSettings limits(
      int connections, int perAddress, long idleMillis, long messageMillis) {
    return new TcpSettings(
        connections,
        perAddress,
        Duration.ofMillis(idleMillis),
        Duration.ofMillis(messageMillis),
        TcpSettings.defaults().writeBufferOctets());
  }

  private static Socket connect(DnsServer server) throws IOException {
    Socket client = new Socket();
    client.setTcpNoDelay(true);
    client.setSoTimeout(TIMEOUT_MILLIS);
    client.connect(server.boundAddresses().getFirst());
    return client;
  }

  private static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(2 + message.length)
        .putShort((short) message.length)
        .put(message)
        .array();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static void send(Socket client, byte[] octets) throws IOException {
    new DataOutputStream(client.getOutputStream()).write(octets);
  }

  private static byte[] receive(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return message;
  }

  /** The server may close before all is sent, which is what the caller waits for. */
  private static void flood(Socket client, byte[] query, int times) {
    try {
      for (int i = 0; i < times; i++) {
        send(client, query);
      }
    } catch (IOException closed) {
      assertThat(closed).isInstanceOf(SocketException.class);
    }
  }

  private static void drip(Socket client, byte octet) throws InterruptedException {
    flood(client, new byte[] {octet}, 1);
    Thread.sleep(5);
  }

  private static void assertClosed(DnsServer server, Socket client, TransportCounter reason)
      throws IOException {
    assertThat(endOfStream(client)).isTrue();
    UdpTest.awaitCount(server, reason, 1);
  }

  private static boolean endOfStream(Socket client) throws IOException {
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }
}
