package dev.meridian.transport;

import static dev.meridian.transport.Tcp.assertClosed;
import static dev.meridian.transport.Tcp.concat;
import static dev.meridian.transport.Tcp.connect;
import static dev.meridian.transport.Tcp.flood;
import static dev.meridian.transport.Tcp.framed;
import static dev.meridian.transport.Tcp.limits;
import static dev.meridian.transport.Tcp.receive;
import static dev.meridian.transport.Tcp.send;
import static dev.meridian.transport.Tcp.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.QueryContext;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP clients, good and bad, on real sockets. */
@Rfc(number = 7766, sections = "6.2")
class TcpTest {
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
  @Rfc(number = 7766, sections = "6.2.1.1")
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
  @Check("S26")
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
  @Check("S26")
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
  @Rfc(number = 7766, sections = "6.2.3")
  @Check("S22")
  void anIdleConnectionIsClosed() throws IOException {
    try (DnsServer server = start(limits(100, 100, 300, 10_000));
        Socket client = connect(server)) {
      assertClosed(server, client, TransportCounter.TCP_CLOSED_IDLE);
    }
  }

  @Test
  void messagesThatNobodyAnswersKeepNoConnectionOpen() throws Exception {
    MessageHandler evenOnly = context -> context.request()[1] % 2 == 0 ? Echo.answer(context) : 0;
    try (DnsServer server = start(limits(100, 100, 300, 10_000), evenOnly);
        Socket client = connect(server)) {
      send(client, framed(Echo.query(2, 2)));
      receive(client);
      for (int sent = 0; UdpTest.count(server, TransportCounter.TCP_CLOSED_IDLE) == 0; sent++) {
        assertThat(sent).as("messages that bought time").isLessThan(1000);
        flood(client, framed(Echo.query(1, 1)), 1);
        Thread.sleep(5);
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_SENT, 1);
    }
  }

  @Test
  @Check("S21")
  void aConnectionThatAsksNothingHasNoMoreTimeThanAMessage() throws IOException {
    try (DnsServer server = start(limits(100, 100, 60_000, 300));
        Socket client = connect(server)) {
      assertClosed(server, client, TransportCounter.TCP_CLOSED_MESSAGE_TIMEOUT);
    }
  }

  @Test
  @Check("S22")
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
  void aMessageThatBreaksOffEndsTheConnectionAfterTheAnswersBeforeIt() throws IOException {
    try (DnsServer server = start(TcpSettings.defaults());
        Socket client = connect(server)) {
      byte[] query = Echo.query(1, 1);
      byte[] half = Arrays.copyOf(framed(query), 2 + query.length / 2);
      send(client, concat(framed(query), half));
      client.shutdownOutput();
      assertThat(receive(client)).isEqualTo(Echo.response(query));
      assertClosed(server, client, TransportCounter.TCP_CLOSED_BY_CLIENT);
    }
  }

  @Test
  void aClientThatEndsItsSideAfterThousandsOfQueriesStillGetsEveryAnswer() throws IOException {
    try (DnsServer server = start(TcpSettings.defaults());
        Socket client = connect(server)) {
      int queries = 2000;
      byte[][] all = new byte[queries][];
      for (int i = 0; i < queries; i++) {
        all[i] = framed(Echo.query(i, i));
      }
      send(client, concat(all));
      client.shutdownOutput();
      for (int i = 0; i < queries; i++) {
        assertThat(receive(client)).isEqualTo(Echo.response(Echo.query(i, i)));
      }
      assertClosed(server, client, TransportCounter.TCP_CLOSED_BY_CLIENT);
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
  @Rfc(number = 7766, sections = "6.2.4")
  void aClientThatEndsItsSideAndTakesItsTimeStillGetsEveryAnswer() throws Exception {
    MessageHandler longAnswers = TcpTest::answerWithItsId;
    try (DnsServer server = start(TcpSettings.defaults(), longAnswers);
        Socket client = connect(server)) {
      int queries = 5000;
      Thread asking = Thread.ofVirtual().start(() -> askAllAndEnd(client, queries));
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 1);
      for (int i = 0; i < queries; i++) {
        assertThat(id(receive(client))).isEqualTo(i);
      }
      assertClosed(server, client, TransportCounter.TCP_CLOSED_BY_CLIENT);
      asking.join();
    }
  }

  @Test
  void aClientThatEndsItsSideAndReadsNothingIsClosed() throws IOException {
    MessageHandler longAnswers = context -> 60_000;
    try (DnsServer server = start(limits(100, 100, 500, 10_000), longAnswers);
        Socket client = connect(server)) {
      askAllAndEnd(client, 500);
      UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_SLOW_READER, 1);
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 0);
    }
  }

  @Test
  @Rfc(number = 7766, sections = "7")
  void aClientMayGoByIdsAlone() throws IOException {
    MessageHandler everyThirdIsDropped =
        context -> context.request()[1] % 3 == 0 ? 0 : Echo.answer(context);
    try (DnsServer server = start(TcpSettings.defaults(), everyThirdIsDropped);
        Socket client = connect(server)) {
      Map<Integer, byte[]> waiting = new HashMap<>();
      for (int id = 100; id > 0; id--) {
        send(client, framed(Echo.query(id, 1000 - id)));
        if (id % 3 != 0) {
          waiting.put(id, Echo.response(Echo.query(id, 1000 - id)));
        }
      }
      while (!waiting.isEmpty()) {
        byte[] answer = receive(client);
        assertThat(answer).isEqualTo(waiting.remove(id(answer)));
      }
    }
  }

  @Test
  @Check("S25")
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
  void shortAnswersThatNobodyReadsStallTheConnectionToo() throws IOException {
    try (DnsServer server = start(limits(100, 100, 500, 10_000));
        Socket client = connect(server)) {
      int thousands = 5000;
      byte[] thousand =
          concat(Collections.nCopies(1000, framed(Echo.query(1, 1))).toArray(byte[][]::new));
      Thread.ofVirtual().start(() -> flood(client, thousand, thousands));
      UdpTest.awaitCount(server, TransportCounter.TCP_CLOSED_SLOW_READER, 1);
      assertThat(UdpTest.count(server, TransportCounter.TCP_RECEIVED))
          .isLessThan(thousands * 1000L);
    }
  }

  @Test
  void aSlowReaderGetsEveryAnswerOnceItReads() throws IOException {
    MessageHandler longAnswers = TcpTest::answerWithItsId;
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
        assertThat(id(answer)).isEqualTo(i);
      }
    }
  }

  @Test
  void aResetInTheMiddleOfAnswersCostsNobodyElseAnything() throws IOException {
    MessageHandler longAnswers = context -> 30_000;
    try (DnsServer server = start(TcpSettings.defaults(), longAnswers);
        Socket other = connect(server)) {
      try (Socket client = connect(server)) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        send(client, framed(Echo.query(1, 1)));
        receive(client);
        Thread.ofVirtual().start(() -> flood(client, framed(Echo.query(2, 2)), 2000));
        receive(client);
      }
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 1);
      send(other, framed(Echo.query(3, 3)));
      assertThat(receive(other)).hasSize(30_000);
      assertThat(UdpTest.count(server, TransportCounter.HANDLER_FAILURES)).isZero();
      assertThat(UdpTest.count(server, TransportCounter.TCP_CLOSED_ERROR)).isZero();
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

  /** The id, and octets that make it long. */
  private static int answerWithItsId(QueryContext context) {
    System.arraycopy(context.request(), 0, context.response(), 0, 2);
    return 30_000;
  }

  private static int id(byte[] message) {
    return Short.toUnsignedInt(ByteBuffer.wrap(message).getShort());
  }

  /** Returns when the server has read what the kernels cannot keep, or has closed. */
  private static void askAllAndEnd(Socket client, int queries) {
    byte[][] all = new byte[queries][];
    for (int i = 0; i < queries; i++) {
      all[i] = framed(Echo.query(i, i));
    }
    flood(client, concat(all), 1);
    try {
      client.shutdownOutput();
    } catch (IOException closed) {
      assertThat(closed).isInstanceOf(SocketException.class);
    }
  }

  private static void drip(Socket client, byte octet) throws InterruptedException {
    flood(client, new byte[] {octet}, 1);
    Thread.sleep(5);
  }
}
