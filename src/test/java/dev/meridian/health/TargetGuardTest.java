package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.net.Prefix;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGuardTest {
  @ParameterizedTest
  @CsvSource({
    "169.254.169.254,          link-local",
    "169.254.0.1,              link-local",
    "fe80::1,                  link-local",
    "fd00:ec2::254,            metadata",
    "fd20:ce::254,             metadata",
    "168.63.129.16,            metadata",
    "100.100.100.200,          metadata",
    "224.0.0.1,                multicast",
    "ff02::1,                  multicast",
    "0.0.0.0,                  unspecified",
    "::,                       unspecified",
    "0.1.2.3,                  0.0.0.0/8",
    "240.0.0.1,                240.0.0.0/4",
    "255.255.255.255,          240.0.0.0/4",
    "::ffff:169.254.169.254,   link-local",
    "::169.254.169.254,        169.254.169.254",
    "64:ff9b::a9fe:a9fe,       169.254.169.254",
    "2002:a9fe:a9fe::1,        169.254.169.254",
  })
  @Rfc(number = 3056, sections = "2")
  @Rfc(
      number = 4291,
      sections = {"2.5.5.1", "2.5.5.2"})
  @Rfc(number = 6052, sections = "2.1")
  @Check("S76")
  void addressesThatAreNoServiceAreRefused(String address, String because) {
    assertThat(TargetGuard.DEFAULT.refusal(InetAddress.ofLiteral(address))).contains(because);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "192.0.2.10",
        "fd00::1",
        "2001:db8::10",
        "64:ff9b::c000:20a",
      })
  void loopbackPrivateAndPublicAddressesAreAllowed(String address) {
    assertThat(TargetGuard.DEFAULT.refusal(InetAddress.ofLiteral(address))).isNull();
  }

  /** The truth table of {@link TargetGuard}: what is allowed, what denied, and a target. */
  @ParameterizedTest
  @CsvSource({
    "'',                 10.0.0.0/8,      10.1.2.3,               'is in 10.0.0.0/8, which health-deny'",
    "'',                 10.0.0.0/8,      11.1.2.3,               ",
    "10.1.0.0/16,        10.0.0.0/8,      10.1.2.3,               ",
    "10.0.0.0/8,         10.1.0.0/16,     10.1.2.3,               health-deny",
    "10.0.0.0/8,         10.0.0.0/8,      10.1.2.3,               health-deny",
    "10.0.0.0/8,         0.0.0.0/0,       10.1.2.3,               ",
    "10.0.0.0/8,         0.0.0.0/0,       127.0.0.1,              health-deny",
    "'',                 127.0.0.0/8,     ::ffff:127.0.0.1,       health-deny",
    "'',                 ::ffff:0:0/96,   192.0.2.1,              health-deny",
    "'',                 127.0.0.0/8,     ::127.0.0.1,            '127.0.0.1, which is in 127.0.0.0/8'",
    "'',                 10.0.0.0/8,      64:ff9b::10.0.0.1,      '10.0.0.1, which is in 10.0.0.0/8'",
    "'',                 10.0.0.0/8,      2002:a00:1::1,          '10.0.0.1, which is in 10.0.0.0/8'",
    "'',                 ::/0,            ::1,                    health-deny",
    "0.0.0.0/0,          '',              169.254.169.254,        link-local",
    "0.0.0.0/0,          '',              224.0.0.1,              multicast",
    "0.0.0.0/0,          '',              0.0.0.0,                unspecified",
    "::/0,               '',              fd00:ec2::254,          metadata",
    "::/0,               '',              64:ff9b::a9fe:a9fe,     169.254.169.254",
    "64:ff9b::/96,       '',              64:ff9b::a9fe:a9fe,     169.254.169.254",
    "169.254.0.0/16,     '',              169.254.1.1,            ",
    "169.254.0.0/16,     '',              169.254.169.254,        link-local",
    "169.254.169.254,    '',              169.254.169.254,        ",
    "169.254.169.254,    '',              169.254.169.253,        link-local",
    "169.254.169.254,    169.254.0.0/16,  169.254.169.254,        ",
    "fe80::/10,          '',              fe80::1,                ",
    "239.1.2.3,          '',              239.1.2.3,              ",
  })
  void theLongestPrefixDecides(String allowed, String denied, String target, String because) {
    TargetGuard guard = new TargetGuard(prefixes(allowed), prefixes(denied));

    if (because == null) {
      assertThat(guard.refusal(InetAddress.ofLiteral(target))).isNull();
    } else {
      assertThat(guard.refusal(InetAddress.ofLiteral(target))).contains(because);
    }
  }

  private static List<Prefix> prefixes(String text) {
    return Arrays.stream(text.split(" ")).filter(t -> !t.isEmpty()).map(Prefix::parse).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 22, 23, 25, 110, 119, 143, 465, 563, 587, 993, 995, 6379, 6667, 11211})
  @Check("S79")
  void noHttpRequestGoesWhereLinesAreCommands(int port) {
    CheckKind http = CheckKind.http("www.example.com").withPort(port);
    assertThatThrownBy(() -> TargetGuard.DEFAULT.admit(check(http)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("port " + port + " is that of ")
        .hasMessageEndingWith("probe it with tcp or tls");
    HealthCheck tcp = check(new CheckKind.Tcp(port));
    assertThat(TargetGuard.DEFAULT.admit(tcp)).isSameAs(tcp);
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 443, 2379, 8080, 9090, 65535})
  void otherPortsAreForRequests(int port) {
    HealthCheck http = check(CheckKind.https(null).withPort(port));
    assertThat(TargetGuard.DEFAULT.admit(http)).isSameAs(http);
  }

  private static HealthCheck check(CheckKind kind) {
    return new HealthCheck(
        "c", InetAddress.ofLiteral("192.0.2.1"), kind, HealthCheck.Settings.DEFAULT);
  }
}
