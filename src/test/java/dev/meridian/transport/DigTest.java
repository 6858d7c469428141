package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools that operators ask with. */
class DigTest {
  @ParameterizedTest
  @CsvSource({
    "dig,  127.0.0.1, +notcp",
    "dig,  127.0.0.1, +tcp",
    "dig,  ::1,       +notcp",
    "dig,  ::1,       +tcp",
    "kdig, 127.0.0.1, +notcp",
    "kdig, ::1,       +tcp",
  })
  void isContentWithTheAnswer(String tool, String host, String protocol) throws Exception {
    try (DnsServer server = UdpTest.start(UdpPath.AUTO, host, Echo.factory())) {
      InetSocketAddress address = server.boundAddresses().getFirst();
      Command.Result result =
          Command.run(
              tool,
              "@" + host,
              "-p",
              Integer.toString(address.getPort()),
              protocol,
              "www.example.com",
              "AAAA");
      assertThat(result.output()).contains("NOERROR").contains("www.example.com.");
      assertThat(result.exit()).isZero();
    }
  }
}
