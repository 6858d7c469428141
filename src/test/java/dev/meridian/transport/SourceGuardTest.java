package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceGuardTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,          192.0.2.7,          5353, answered",
    "192.0.2.1,          192.0.2.7,          53,   answered",
    "192.0.2.1,          192.0.2.1,          5353, answered",
    "192.0.2.1,          192.0.2.1,          53,   refused",
    "192.0.2.1,          192.0.2.7,          0,    refused",
    "192.0.2.1,          223.255.255.255,    5353, answered",
    "192.0.2.1,          224.0.0.251,        5353, refused",
    "192.0.2.1,          239.1.2.3,          5353, refused",
    "192.0.2.1,          240.0.0.1,          5353, refused",
    "192.0.2.1,          255.255.255.255,    5353, refused",
    "192.0.2.1,          0.0.0.0,            5353, refused",
    "192.0.2.1,          0.1.2.3,            5353, refused",
    "2001:db8::1,        2001:db8::7,        53,   answered",
    "2001:db8::1,        2001:db8::1,        53,   refused",
    "2001:db8::1,        ::1,                53,   answered",
    "2001:db8::1,        ::,                 5353, refused",
    "2001:db8::1,        ff02::fb,           5353, refused",
    "2001:db8::1,        ::ffff:224.0.0.251, 5353, refused",
    "2001:db8::1,        ::ffff:192.0.2.7,   5353, answered",
  })
  @Check("S02")
  @Rfc(number = 1122, sections = "3.2.1.3")
  @Rfc(number = 4291, sections = "2.7")
  void onlyHostsAreAnsweredAndNeverTheSocketItself(
      String bound, String source, int port, String expected) {
    SourceGuard guard = new SourceGuard(new InetSocketAddress(InetAddress.ofLiteral(bound), 53));
    ClientAddress client = new ClientAddress();
    client.set(Prefix.parse(source));
    assertThat(guard.refuses(client, port)).isEqualTo(expected.equals("refused"));
  }
}
