package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.net.SocketAddresses;
import dev.meridian.testkit.FreePort;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Wildcard addresses, with a list of addresses that the test changes. All of 127.0.0.0/8 can be
 * bound on Linux, so the sockets are real.
 */
class ListenersTest {
  private final List<InetAddress> machine = new ArrayList<>();
  private final TransportSettings settings =
      TransportSettings.defaults().withLoops(2).withUdpPath(UdpPath.NIO);
  private final EventLoops loops = new EventLoops(settings, false, Traffic.BOTH, Echo.factory());
  private final SocketOpener udp = new NettyUdp(settings, false);
  private final SocketOpener tcp = new TcpOpener(settings.tcp(), loops);
  private final Listeners listeners =
      new Listeners(
          address -> Listener.open(address, loops.listening(), udp, tcp),
          address -> Listener.open(address, loops.listening(), udp.early(), tcp.early()),
          () -> machine);

  @AfterEach
  void close() {
    listeners.close();
    loops.shutDown();
  }

  @Test
  void aWildcardOpensEveryAddressOfItsFamilyOnOnePort() {
    machineHas("127.0.0.1", "127.0.0.2", "::1");
    listeners.openAll(List.of(at("0.0.0.0", 0)));
    assertThat(hosts()).containsExactly("127.0.0.1", "127.0.0.2");
    assertThat(ports().distinct()).hasSize(1);
    assertThat(ports()).doesNotContain(0);
  }

  @Test
  void addressesThatComeAreOpenedAndThoseThatGoAreClosed() {
    machineHas("127.0.0.1", "127.0.0.2");
    int port = FreePort.on("127.0.0.1", "127.0.0.2", "127.0.0.3");
    listeners.openAll(List.of(at("0.0.0.0", port)));
    machineHas("127.0.0.2", "127.0.0.3");
    listeners.rescan();
    assertThat(hosts()).containsExactly("127.0.0.2", "127.0.0.3");
    assertThat(ports()).containsOnly(port);
    listeners.openAll(List.of(at("127.0.0.1", port)));
    assertThat(hosts()).contains("127.0.0.1");
  }

  @Test
  void anAddressGivenByItselfStaysWhenTheWildcardLosesIt() {
    machineHas("127.0.0.1");
    int port = FreePort.on("127.0.0.1", "127.0.0.2");
    listeners.openAll(List.of(at("127.0.0.2", port)));
    machineHas("127.0.0.1", "127.0.0.2");
    listeners.openAll(List.of(at("0.0.0.0", port)));
    assertThat(hosts()).containsExactly("127.0.0.2", "127.0.0.1");
    machineHas("127.0.0.1");
    listeners.rescan();
    assertThat(hosts()).containsExactly("127.0.0.2", "127.0.0.1");
  }

  @Test
  void anAddressThatCannotBeBoundYetIsTriedAgain() {
    machineHas("127.0.0.1", "192.0.2.77");
    listeners.openAll(List.of(at("0.0.0.0", 0)));
    assertThat(hosts()).containsExactly("127.0.0.1");
    machineHas("127.0.0.1", "127.0.0.2");
    listeners.rescan();
    assertThat(hosts()).containsExactly("127.0.0.1", "127.0.0.2");
  }

  @Test
  void onlyAnAddressThatIsMissingIsOpenedEarly() {
    List<String> opened = new ArrayList<>();
    InetSocketAddress missing = at("192.0.2.77", 53);
    Listeners recorded =
        new Listeners(
            address -> {
              boolean absent = address.equals(missing);
              throw new ListenException(
                  address, "UDP", new IOException(absent ? "Cannot assign requested" : "in use"));
            },
            address -> {
              opened.add(SocketAddresses.format(address));
              throw new ListenException(address, "as the test wants it");
            },
            () -> machine);
    assertThatThrownBy(() -> recorded.openAll(List.of(at("127.0.0.1", 53))))
        .hasMessageContaining("it is in use");
    assertThatThrownBy(() -> recorded.openAll(List.of(missing))).hasMessageContaining("as the");
    assertThat(opened).containsExactly("192.0.2.77:53");
  }

  @Test
  void aWildcardOfAFamilyThatTheMachineLacksIsAnError() {
    machineHas("::1");
    assertThatThrownBy(() -> listeners.openAll(List.of(at("0.0.0.0", 0))))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("no address of that family");
  }

  @Test
  void theIpv6WildcardStandsForBothFamilies() {
    machineHas("127.0.0.1", "127.0.0.2");
    listeners.openAll(List.of(at("::", 0)));
    assertThat(hosts()).containsExactly("127.0.0.1", "127.0.0.2");
  }

  @Test
  void aNameIsNotAnAddress() {
    InetSocketAddress name = InetSocketAddress.createUnresolved("ns1.example", 53);
    assertThatThrownBy(() -> listeners.openAll(List.of(name)))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("ns1.example:53")
        .hasMessageContaining("give an address");
  }

  @Test
  void aTcpClientCannotSendFarAhead() {
    BoundSocket listening = tcp.open(loops.all().getFirst(), at("127.0.0.1", 0), false);
    assertThat(listening.receiveBufferOctets()).isBetween(32 * 1024, 64 * 1024);
    listening.drainAndClose().awaitUninterruptibly();
  }

  @Test
  void everythingIsOpenBeforeAnythingIsReadAndTcpIsReadFirst() {
    List<String> steps = new ArrayList<>();
    try (RecordedListeners recorded = new RecordedListeners(steps, "192.0.2.99")) {
      recorded.listeners.openAll(List.of(at("127.0.0.1", 53), at("127.0.0.2", 53)));
    }
    assertThat(steps)
        .startsWith("open UDP 127.0.0.1:53", "open TCP 127.0.0.1:53")
        .containsSubsequence(
            "open UDP 127.0.0.2:53", "open TCP 127.0.0.2:53", "serve TCP 127.0.0.1:53")
        .containsSubsequence("serve TCP 127.0.0.1:53", "serve UDP 127.0.0.1:53")
        .containsSubsequence("serve TCP 127.0.0.2:53", "serve UDP 127.0.0.2:53");
  }

  @Test
  void nothingIsReadIfOneAddressFails() {
    List<String> steps = new ArrayList<>();
    try (RecordedListeners recorded = new RecordedListeners(steps, "127.0.0.2")) {
      assertThatThrownBy(
              () -> recorded.listeners.openAll(List.of(at("127.0.0.1", 53), at("127.0.0.2", 53))))
          .isInstanceOf(ListenException.class);
    }
    assertThat(steps).contains("open TCP 127.0.0.1:53").noneMatch(step -> step.startsWith("serve"));
  }

  @Test
  void anAddressThatComesLaterIsServedToo() {
    List<String> steps = new ArrayList<>();
    machineHas("127.0.0.1");
    try (RecordedListeners recorded = new RecordedListeners(steps, "192.0.2.99")) {
      recorded.listeners.openAll(List.of(at("0.0.0.0", 53)));
      machineHas("127.0.0.1", "127.0.0.2");
      recorded.listeners.rescan();
    }
    assertThat(steps).contains("serve TCP 127.0.0.2:53", "serve UDP 127.0.0.2:53");
  }

  @Test
  void nothingIsOpenedAfterTheEnd() {
    machineHas("127.0.0.1");
    listeners.openAll(List.of(at("0.0.0.0", 0)));
    listeners.close();
    listeners.rescan();
    assertThat(hosts()).isEmpty();
  }

  /** Listeners whose sockets do nothing but note what is asked of them. */
  private final class RecordedListeners implements AutoCloseable {
    private final Listeners listeners;

    RecordedListeners(List<String> steps, String failing) {
      SocketOpener udp = new RecordingOpener("UDP", steps, failing);
      SocketOpener tcp = new RecordingOpener("TCP", steps, failing);
      listeners =
          new Listeners(
              address -> Listener.open(address, loops.listening(), udp, tcp),
              address -> {
                throw new ListenException(address, "as the test wants it");
              },
              () -> machine);
    }

    @Override
    public void close() {
      listeners.close();
    }
  }

  private record RecordingOpener(String protocol, List<String> steps, String failing)
      implements SocketOpener {
    @Override
    public BoundSocket open(LoopState loop, InetSocketAddress address, boolean sibling) {
      if (address.getAddress().getHostAddress().equals(failing)) {
        throw new ListenException(address, "as the test wants it");
      }
      RecordingSocket socket = new RecordingSocket(protocol, address, steps);
      socket.note("open");
      return socket;
    }

    @Override
    public PassedSocket.Kind kind() {
      return PassedSocket.Kind.TCP;
    }

    @Override
    public BoundSocket adopt(LoopState loop, PassedSocket passed) {
      throw new AssertionError("nothing is passed here");
    }
  }

  private record RecordingSocket(String protocol, InetSocketAddress address, List<String> steps)
      implements BoundSocket {
    void note(String what) {
      steps.add(what + " " + protocol + " " + SocketAddresses.format(address));
    }

    @Override
    public int receiveBufferOctets() {
      return 0;
    }

    @Override
    public long kernelDrops() {
      return 0;
    }

    @Override
    public void share() {
      note("share");
    }

    @Override
    public int descriptor() {
      return -1;
    }

    @Override
    public void serve() {
      note("serve");
    }

    @Override
    public void pause() {
      note("pause");
    }

    @Override
    public Future<?> drainAndClose() {
      return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }
  }

  private void machineHas(String... addresses) {
    machine.clear();
    for (String address : addresses) {
      machine.add(InetAddress.ofLiteral(address));
    }
  }

  private static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  private List<String> hosts() {
    return listeners.all().stream()
        .map(listener -> listener.address().getAddress().getHostAddress())
        .toList();
  }

  private Stream<Integer> ports() {
    return listeners.all().stream().map(listener -> listener.address().getPort());
  }
}
