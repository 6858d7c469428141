package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeRequestTest {
  @ParameterizedTest
  @CsvSource({
    "http,  www.example.com, 80,   www.example.com",
    "http,  www.example.com, 8080, www.example.com:8080",
    "http,  www.example.com, 443,  www.example.com:443",
    "https, www.example.com, 443,  www.example.com",
    "https, www.example.com, 80,   www.example.com:80",
    "http,  ,                80,   192.0.2.10",
    "http,  ,                8080, 192.0.2.10:8080",
    "http,  2001:db8::10,    80,   [2001:db8::10]",
    "http,  2001:db8::10,    8080, [2001:db8::10]:8080",
  })
  @Rfc(number = 9110, sections = "7.2")
  void theHostHeaderFollowsRoute53(String scheme, String host, int port, String header) {
    CheckKind.Http kind = scheme.equals("http") ? CheckKind.http(host) : CheckKind.https(host);

    assertThat(request("id", kind.withPort(port))).contains("\r\nHost: " + header + "\r\n");
  }

  @Test
  @Rfc(number = 9110, sections = "5.6.5")
  @Check("S81")
  void anIdCannotEndItsCommentOrItsLine() {
    assertThat(request("a) b\r\nX: (ü\\", CheckKind.http(null)))
        .contains("\r\nUser-Agent: Meridian-Health-Check/1.2.3 (+a__b__X:____)\r\n");
  }

  private static String request(String id, CheckKind.Http kind) {
    InetAddress address = InetAddress.ofLiteral("192.0.2.10");
    return ProbeRequest.text(new HealthCheck(id, address, kind, Settings.DEFAULT), kind, "1.2.3");
  }
}
