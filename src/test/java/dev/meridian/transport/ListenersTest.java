package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.FreePort;
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
  private final EventLoops loops = new EventLoops(settings, false, Echo.factory());
  private final SocketOpener udp = new NettyUdp(settings, false);
  private final SocketOpener tcp = new TcpOpener(settings.tcp(), loops);
  private final Listeners listeners =
      new Listeners(address -> Listener.open(address, loops.listening(), udp, tcp), () -> machine);

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
  void nothingIsOpenedAfterTheEnd() {
    machineHas("127.0.0.1");
    listeners.openAll(List.of(at("0.0.0.0", 0)));
    listeners.close();
    listeners.rescan();
    assertThat(hosts()).isEmpty();
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
