package dev.meridian.transport;

import static dev.meridian.transport.Tcp.concat;
import static dev.meridian.transport.Tcp.connect;
import static dev.meridian.transport.Tcp.framed;
import static dev.meridian.transport.Tcp.receive;
import static dev.meridian.transport.Tcp.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.QueryContext;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Latches;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is served when, told by the order in which one event loop answers. */
class TcpFairnessTest {
  private static final int FIRST = 1;
  private static final int HOG = 2;
  private static final int POLITE_TCP = 3;
  private static final int POLITE_UDP = 4;

  /** Queries of the hog that wait in the kernel when the others come. */
  private static final int WAITING = 1000;

  /** Two turns of 2 KiB, at a little less than a hundred of the hog's short queries each. */
  private static final int TWO_TURNS = 200;

  private final List<Integer> served = new CopyOnWriteArrayList<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch allWaiting = new CountDownLatch(1);

  @ParameterizedTest
  @EnumSource(names = {"FOREIGN", "NIO"})
  @Rfc(number = 7766, sections = "6.2")
  @Check("S24")
  void aClientThatPipelinesThousandsWaitsForItsTurn(UdpPath path) throws Exception {
    DnsServer server =
        DnsServer.start(
            List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
            TransportSettings.defaults().withLoops(1).withUdpPath(path),
            Echo.factory(this::answer));
    try (server;
        Socket polite = connect(server);
        Socket hog = connect(server);
        DatagramSocket udp = new DatagramSocket()) {
      UdpTest.awaitCount(server, TransportCounter.TCP_OPEN, 2);
      send(hog, framed(Echo.query(FIRST, 1)));
      held.await();
      byte[] query = framed(Echo.query(HOG, 1));
      send(hog, concat(Collections.nCopies(WAITING, query).toArray(byte[][]::new)));
      send(polite, framed(Echo.query(POLITE_TCP, 1)));
      ask(udp, server);
      if (path == UdpPath.FOREIGN) {
        udp.setSoTimeout(10_000);
        udp.receive(new DatagramPacket(new byte[512], 512)); // a thread of its own, never held up
      }
      allWaiting.countDown();
      for (int i = 0; i <= WAITING; i++) {
        receive(hog);
      }
      receive(polite);
    }
    assertThat(served).hasSize(WAITING + 3);
    assertThat(served.indexOf(POLITE_TCP)).isLessThan(TWO_TURNS);
    assertThat(served.indexOf(POLITE_UDP)).isLessThan(TWO_TURNS);
  }

  /** Holds the loop with the first query until everybody else's are there. */
  private int answer(QueryContext context) {
    int id = context.request()[1];
    served.add(id);
    if (id == FIRST) {
      held.countDown();
      Latches.await(allWaiting);
    }
    return Echo.answer(context);
  }

  private static void ask(DatagramSocket udp, DnsServer server) throws IOException {
    byte[] query = Echo.query(POLITE_UDP, 1);
    udp.send(new DatagramPacket(query, query.length, server.boundAddresses().getFirst()));
  }
}
