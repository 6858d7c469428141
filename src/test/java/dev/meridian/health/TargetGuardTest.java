package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
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
  void addressesThatAreNoServiceAreRefused(String address, String because) {
    assertThat(TargetGuard.refusal(InetAddress.ofLiteral(address))).contains(because);
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
    assertThat(TargetGuard.refusal(InetAddress.ofLiteral(address))).isNull();
  }
}
