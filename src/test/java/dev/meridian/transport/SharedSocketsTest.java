package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.testkit.Check;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two servers on the same sockets, as when one takes the place of the other. */
class SharedSocketsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final MessageHandler OLD = answering(1);
  private static final MessageHandler NEW = answering(2);

  @TempDir private Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(UnixSocket.isAvailable(), "needs Linux");
  }

  private static MessageHandler answering(int mark) {
    return context -> {
      System.arraycopy(context.request(), 0, context.response(), 0, 12);
      context.response()[3] = (byte) mark;
      return 12;
    };
  }

  @ParameterizedTest
  @CsvSource({"FOREIGN, 1, 1", "FOREIGN, 2, 1", "FOREIGN, 1, 2", "FOREIGN, 2, 2", "NETTY, 2, 2"})
  void oneAnswersWhereTheOtherHasPausedAndNothingIsLost(UdpPath path, int before, int after)
      throws Exception {
    try (DnsServer old = start(path, before, OLD, ANY, List.of());
        DatagramSocket client = client()) {
      InetSocketAddress address = old.boundAddresses().getFirst();
      assertThat(ask(client, address)).isOne();
      try (DnsServer next = start(path, after, NEW, address, passed(old.pass()))) {
        assertThat(next.boundAddresses()).containsExactly(address);
        old.pause();
        awaitAnswersOf(2, client, address);
        assertThat(overTcp(address)).isEqualTo(2);
        end(old);
        assertThat(ask(client, address)).isEqualTo(2);
        assertThat(overTcp(address)).isEqualTo(2);
        next.keep();
      }
    }
  }

  @Test
  void theOldOneGoesOnWhereTheNewOneHasGone() throws Exception {
    try (DnsServer old = start(UdpPath.FOREIGN, 2, OLD, ANY, List.of());
        DatagramSocket client = client()) {
      InetSocketAddress address = old.boundAddresses().getFirst();
      DnsServer next = start(UdpPath.FOREIGN, 2, NEW, address, passed(old.pass()));
      old.pause();
      awaitAnswersOf(2, client, address);
      next.close();
      old.resume();
      old.keep();
      assertThat(ask(client, address)).isOne();
      assertThat(overTcp(address)).isOne();
    }
  }

  @Test
  void socketsOfOtherAddressesAreLeftToTheOldOne() throws Exception {
    try (DnsServer old = start(UdpPath.FOREIGN, 1, OLD, ANY, List.of());
        DatagramSocket client = client()) {
      InetSocketAddress address = old.boundAddresses().getFirst();
      InetSocketAddress other =
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), address.getPort());
      try (DnsServer next = start(UdpPath.FOREIGN, 1, NEW, other, passed(old.pass()))) {
        assertThat(ask(client, next.boundAddresses().getFirst())).isEqualTo(2);
        assertThat(ask(client, address)).isOne();
      }
      assertThat(ask(client, address)).isOne();
    }
  }

  @Test
  @Check("S116")
  void onlyItsOwnerMayConnectAndTheDeadMakeRoom() throws Exception {
    Path path = folder.resolve("socket");
    UnixListener dead = UnixListener.bind(path);
    dead.leave();
    try (UnixListener listener = UnixListener.bind(path)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      assertThatThrownBy(() -> UnixListener.bind(path)).hasMessageContaining("in use");
      try (UnixSocket here = UnixSocket.connect(path);
          UnixSocket there = Objects.requireNonNull(listener.accept())) {
        assertThat(there.peerProcess()).isEqualTo(ProcessHandle.current().pid());
        assertThat(there.peerUser()).isEqualTo(Files.getAttribute(path, "unix:uid"));
        assertThatThrownBy(() -> here.receive(Duration.ZERO))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aWaitThatIsEndedEndsAtOnceAndWhoComesIsStillTaken() throws Exception {
    Path path = folder.resolve("socket");
    try (UnixListener here = UnixListener.bind(path)) {
      here.endWait();
      assertThat(here.accept()).isNull();
      try (UnixSocket client = UnixSocket.connect(path);
          UnixSocket served = Objects.requireNonNull(here.accept())) {
        assertThat(served.peerProcess()).isEqualTo(client.peerProcess());
      }
    }
  }

  @Test
  void messagesOfAnyLengthArriveWholeAndTheEndIsSeen() throws Exception {
    try (UnixListener listener = UnixListener.bind(folder.resolve("socket"));
        UnixSocket here = UnixSocket.connect(folder.resolve("socket"));
        UnixSocket there = Objects.requireNonNull(listener.accept())) {
      byte[] large = new byte[3_000_000];
      large[large.length - 1] = 7;
      Thread sender = Thread.ofVirtual().start(() -> sendAll(here, new byte[0], large));
      assertThat(there.receive(PATIENCE).octets()).isEmpty();
      assertThat(there.receive(PATIENCE).octets()).isEqualTo(large);
      sender.join();
      here.hangUp();
      assertThatThrownBy(() -> there.receive(PATIENCE)).isInstanceOf(EOFException.class);
    }
  }

  private static void sendAll(UnixSocket socket, byte[]... messages) {
    try {
      for (byte[] message : messages) {
        socket.send(message, PATIENCE);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void end(DnsServer server) {
    server.close();
  }

  private static DnsServer start(
      UdpPath path,
      int loops,
      MessageHandler handler,
      InetSocketAddress address,
      List<PassedSocket> passed) {
    return DnsServer.start(
        List.of(address),
        TransportSettings.defaults().withLoops(loops).withUdpPath(path),
        Echo.factory(handler),
        passed);
  }

  /** Through the kernel, so that each server has descriptors of its own. */
  private List<PassedSocket> passed(List<PassedSocket> sockets) throws IOException {
    Path path = folder.resolve("passing");
    List<PassedSocket> passed = new ArrayList<>();
    try (UnixListener listener = UnixListener.bind(path);
        UnixSocket here = UnixSocket.connect(path);
        UnixSocket there = Objects.requireNonNull(listener.accept())) {
      for (PassedSocket socket : sockets) {
        here.send(new byte[0], socket.descriptor(), PATIENCE);
        passed.add(new PassedSocket(socket.kind(), there.receive(PATIENCE).descriptor()));
      }
    }
    return passed;
  }

  private static DatagramSocket client() throws IOException {
    DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    client.setSoTimeout((int) PATIENCE.toMillis());
    return client;
  }

  /**
   * A thread that waits when it is paused answers what it waited for; each answer is asked once.
   */
  private static void awaitAnswersOf(int mark, DatagramSocket client, InetSocketAddress address)
      throws IOException {
    int answered = 0;
    while (ask(client, address) != mark) {
      answered++;
      assertThat(answered).isLessThan(10);
    }
  }

  /** Who answered. */
  private static int ask(DatagramSocket client, InetSocketAddress server) throws IOException {
    byte[] query = Echo.query(7, 1);
    client.send(new DatagramPacket(query, query.length, server));
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    client.receive(packet);
    return packet.getData()[3];
  }

  private static int overTcp(InetSocketAddress server) throws IOException {
    try (Socket client = new Socket()) {
      client.setSoTimeout((int) PATIENCE.toMillis());
      client.connect(server);
      Tcp.send(client, Tcp.framed(Echo.query(7, 1)));
      return Tcp.receive(client)[3];
    }
  }
}
