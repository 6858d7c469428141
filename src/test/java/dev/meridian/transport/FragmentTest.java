package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the IP header of an answer says about fragments, seen by a raw socket. */
@Rfc(number = 9715, sections = "3.1")
class FragmentTest {
  /** Arguments: port of the server, query in hexadecimal. Prints whether DF is set. */
  private static final String ASK =
      """
      import socket, sys
      port, query = int(sys.argv[1]), bytes.fromhex(sys.argv[2])
      raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
      client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for each in (raw, client):
          each.settimeout(10)
      client.sendto(query, ('127.0.0.1', port))
      client.recv(4096)
      while True:
          packet = raw.recv(4096)
          header = (packet[0] & 15) * 4
          if int.from_bytes(packet[header:header + 2], 'big') == port:
              print(bool(packet[6] & 0x40))
              break
      """;

  @ParameterizedTest
  @CsvSource({"FOREIGN, true", "FOREIGN, false", "NETTY, true", "NETTY, false"})
  void answersForbidFragmentsIfToldSo(UdpPath path, boolean dontFragment) throws Exception {
    assumeTrue(DnsServer.bestUdpPath() != UdpPath.NIO, "needs epoll");
    assumeTrue(
        path != UdpPath.FOREIGN || DnsServer.bestUdpPath() == path, "needs the foreign path");
    TransportSettings settings =
        TransportSettings.defaults().withLoops(1).withUdpPath(path).withDontFragment(dontFragment);
    InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (DnsServer server = DnsServer.start(List.of(any), settings, Echo.factory())) {
      String port = Integer.toString(server.boundAddresses().getFirst().getPort());
      String query = HexFormat.of().formatHex(Echo.query(1, 1));
      Command.Result asked = Command.run("python3", "-c", ASK, port, query);
      assumeTrue(
          !asked.output().contains("PermissionError"), "needs the right to open a raw socket");
      assertThat(asked.output().strip()).isEqualToIgnoringCase(Boolean.toString(dontFragment));
    }
  }
}
