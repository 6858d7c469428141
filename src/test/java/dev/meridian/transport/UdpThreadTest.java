package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.answer.QueryContext;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One thread and its sockets: alone it waits in recvmmsg, with others in poll. */
class UdpThreadTest {
  /** Long enough for a loaded machine; nothing waits that long when all is well. */
  private static final long PATIENCE_SECONDS = 20;

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void needsTheForeignPath() {
    assumeTrue(Epoll.isAvailable() && ForeignUdp.isAvailable(), "needs the foreign path");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everySocketIsServed(int sockets) throws IOException {
    try (DnsServer server = start(sockets, Echo::answer);
        DatagramSocket client = client()) {
      for (int round = 0; round < 3; round++) {
        for (InetSocketAddress address : server.boundAddresses()) {
          send(client, address, round);
          assertThat(receive(client)).isEqualTo(round);
        }
      }
      assertThat(UdpTest.count(server, TransportCounter.UDP_RECEIVE_ERRORS)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatHasArrivedIsAnsweredBeforeASocketIsClosed(int sockets) throws Exception {
    int queries = 100;
    DnsServer server = start(sockets, this::answerLater);
    try (DatagramSocket client = client()) {
      client.setReceiveBufferSize(1 << 20);
      for (int id = 0; id < queries; id++) {
        send(client, server.boundAddresses().getFirst(), id);
      }
      awaitHeld();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
      goOn.countDown();
      assertThat(IntStream.range(0, queries).map(any -> receive(client)).distinct().count())
          .isEqualTo(queries);
      closing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(UdpTest.count(server, TransportCounter.UDP_RECEIVED)).isEqualTo(queries);
    } finally {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aTurnIsOverWhenTheThreadWaitsForDatagrams(int sockets) throws Exception {
    try (DnsServer server = start(sockets, this::answerLater);
        DatagramSocket client = client()) {
      server.turn().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      send(client, server.boundAddresses().getFirst(), 1);
      awaitHeld();
      CompletableFuture<Void> turn = server.turn();
      assertThat(turn).isNotDone();
      goOn.countDown();
      turn.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static DnsServer start(int sockets, MessageHandler handler) {
    List<InetSocketAddress> addresses =
        IntStream.rangeClosed(1, sockets)
            .mapToObj(i -> new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + i), 0))
            .toList();
    return DnsServer.start(
        addresses,
        TransportSettings.defaults().withLoops(1).withUdpPath(UdpPath.FOREIGN),
        Echo.factory(handler));
  }

  private int answerLater(QueryContext context) {
    held.countDown();
    await(goOn);
    return Echo.answer(context);
  }

  private void awaitHeld() {
    await(held);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static DatagramSocket client() throws IOException {
    DatagramSocket client = new DatagramSocket();
    client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    return client;
  }

  private static void send(DatagramSocket client, InetSocketAddress to, int id) throws IOException {
    byte[] query = Echo.query(id, id);
    client.send(new DatagramPacket(query, query.length, to));
  }

  /** The number of the query whose answer comes next. */
  private static int receive(DatagramSocket client) {
    DatagramPacket answer = new DatagramPacket(new byte[512], 512);
    try {
      client.receive(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (answer.getData()[0] & 0xFF) << 8 | (answer.getData()[1] & 0xFF);
  }
}
