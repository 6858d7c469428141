package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Starting and stopping. */
class DnsServerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @ParameterizedTest
  @EnumSource
  void aPortThatAnotherServerHasIsAnErrorThatNamesIt(UdpPath path) {
    try (DnsServer first = UdpTest.start(path, "127.0.0.1", Echo.factory())) {
      InetSocketAddress taken = first.boundAddresses().getFirst();
      assertThatThrownBy(() -> start(path, taken))
          .asInstanceOf(InstanceOfAssertFactories.type(ListenException.class))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(ListenException.Reason.IN_USE))
          .satisfies(e -> assertThat(e.address()).isEqualTo(taken))
          .satisfies(e -> assertThat(e).hasMessageContaining("127.0.0.1:" + taken.getPort()))
          .satisfies(e -> assertThat(e).hasMessageContaining("(UDP)"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPortTakenInTcpOnlyIsAnErrorAndLeavesNothingOpen(UdpPath path) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      InetSocketAddress address = new InetSocketAddress(LOOPBACK, taken.getLocalPort());
      assertThatThrownBy(() -> start(path, address))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("(TCP)");
      new DatagramSocket(address).close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FOREIGN, 192.0.2.77",
    "FOREIGN, 2001:db8::77",
    "NETTY, 192.0.2.77",
    "NETTY, 2001:db8::77",
    "AUTO, 192.0.2.77"
  })
  void anAddressThatTheMachineDoesNotHaveYetIsListenedOn(UdpPath path, String host) {
    InetAddress elsewhere = InetAddress.ofLiteral(host);
    try (DnsServer server = start(path, new InetSocketAddress(elsewhere, 0))) {
      assertThat(server.boundAddresses())
          .singleElement()
          .satisfies(bound -> assertThat(bound.getAddress()).isEqualTo(elsewhere));
    }
  }

  @Test
  void withoutEpollItIsAnError() {
    InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.77"), 0);
    assertThatThrownBy(() -> start(UdpPath.NIO, elsewhere))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("192.0.2.77:0")
        .hasMessageContaining("no interface");
  }

  @Test
  void oneAddressThatFailsClosesTheOthers() throws IOException {
    InetSocketAddress free;
    try (DatagramSocket probe = new DatagramSocket(0, LOOPBACK)) {
      free = new InetSocketAddress(LOOPBACK, probe.getLocalPort());
    }
    try (DatagramSocket other = new DatagramSocket(0, LOOPBACK)) {
      InetSocketAddress taken = new InetSocketAddress(LOOPBACK, other.getLocalPort());
      assertThatThrownBy(() -> start(UdpPath.AUTO, free, taken))
          .isInstanceOf(ListenException.class);
    }
    new DatagramSocket(free).close();
    new ServerSocket(free.getPort(), 1, LOOPBACK).close();
  }

  @ParameterizedTest
  @EnumSource
  void aPortIsFreeAgainOnceTheServerIsClosed(UdpPath path) {
    InetSocketAddress address;
    try (DnsServer server = UdpTest.start(path, "127.0.0.1", Echo.factory())) {
      address = server.boundAddresses().getFirst();
    }
    try (DnsServer again = start(path, address)) {
      assertThat(again.boundAddresses()).containsExactly(address);
    }
  }

  @Test
  void closingTwiceIsClosingOnce() {
    DnsServer server = UdpTest.start(UdpPath.AUTO, "127.0.0.1", Echo.factory());
    server.close();
    server.close();
    assertThat(server.boundAddresses()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyThreadHasPartsAndCountersOfItsOwn(UdpPath path) {
    List<String> asked = new ArrayList<>();
    LoopFactory factory =
        (loop, traffic) -> {
          asked.add(loop + " " + traffic);
          return Echo.factory().create(loop, traffic);
        };
    try (DnsServer server = UdpTest.start(path, "127.0.0.1", factory)) {
      if (server.udpPath() == UdpPath.FOREIGN) {
        assertThat(asked).containsExactly("0 UDP", "1 UDP", "0 TCP", "1 TCP");
      } else {
        assertThat(asked).containsExactly("0 BOTH", "1 BOTH");
      }
      assertThat(server.stats()).hasSize(asked.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsThePathThatItChoseAndTheBufferThatItGot(UdpPath path) {
    try (DnsServer server = UdpTest.start(path, "127.0.0.1", Echo.factory())) {
      assertThat(server.udpPath()).isNotEqualTo(UdpPath.AUTO);
      if (path != UdpPath.AUTO) {
        assertThat(server.udpPath()).isEqualTo(path);
      }
      assertThat(server.udpReceiveBufferOctets()).isPositive();
      assertThat(server.udpKernelDrops()).isZero();
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    TransportSettings defaults = TransportSettings.defaults();
    assertThatThrownBy(() -> defaults.withLoops(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("event loops must be above 0");
  }

  private static DnsServer start(UdpPath path, InetSocketAddress... addresses) {
    return DnsServer.start(
        List.of(addresses),
        TransportSettings.defaults().withLoops(2).withUdpPath(path),
        Echo.factory());
  }
}
