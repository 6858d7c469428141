package dev.meridian.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Rfc;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Prefix} and {@link ClientAddress}: text, masks, and what contains what. */
class PrefixTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.0/24",
    "192.0.2.7, 192.0.2.7/32",
    "0.0.0.0/0, 0.0.0.0/0",
    "255.255.255.255/32, 255.255.255.255/32",
    "2001:DB8::/32, 2001:db8::/32",
    "::, ::/128",
    "::/0, ::/0",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3/128",
    "1:0:2:0:3:0:4:0, 1:0:2:0:3:0:4:0/128",
    "fe80::1:2, fe80::1:2/128",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221/128",
    "::ffff:192.0.2.0/120, 192.0.2.0/24",
    "::ffff:0:0/96, 0.0.0.0/0",
    "::fffe:0:0/95, ::fffe:0:0/95"
  })
  @Rfc(number = 4291, sections = "2.2")
  void textIsReadAndWritten(String text, String canonical) {
    assertThat(Prefix.parse(text)).hasToString(canonical);
    assertThat(Prefix.parse(canonical)).isEqualTo(Prefix.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/24",
        "192.0.2",
        "192.0.2.0.1",
        "192.0.2.256",
        "192.0.2.01",
        "192.0.2.0/33",
        "192.0.2.0/",
        "192.0.2.0/-1",
        "192.0.2.0/x",
        "1::2::3",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8:9",
        "12345::",
        "g::",
        "::/129",
        "fe80::1%eth0",
        "::192.0.2",
        "192.0.2.1::",
        "localhost",
        "192.0.2.0/24/8"
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bitsBehindTheLengthAreATypingMistake() {
    assertThatThrownBy(() -> Prefix.parse("192.0.2.1/24"))
        .hasMessage("'192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?");
    assertThatThrownBy(() -> Prefix.parse("2001:db8::1/64"))
        .hasMessageContaining("did you mean 2001:db8::/64?");
    assertThat(new Prefix(true, 0, 0xC0000201L, 24)).isEqualTo(Prefix.parse("192.0.2.0/24"));
    assertThat(new Prefix(false, -1, -1, 0)).isEqualTo(Prefix.parse("::/0"));
  }

  @Test
  void octetsOfNoAddressAreRefused() {
    assertThatThrownBy(() -> Prefix.of(new byte[5], 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Prefix.of(new byte[4], 33))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.1.0.0/16, true",
    "10.0.0.0/8, 10.0.0.0/8, true",
    "10.0.0.0/8, 10.0.0.0/7, false",
    "10.0.0.0/8, 11.0.0.0/16, false",
    "0.0.0.0/0, ::/0, false",
    "::/0, 2001:db8::1, true",
    "2001:db8::/64, 2001:db8::ffff:0:0:0/80, true",
    "2001:db8::/65, 2001:db8::8000:0:0:0/80, false"
  })
  void containsLooksAtFamilyLengthAndBits(String outer, String inner, boolean contained) {
    ClientAddress client = new ClientAddress();
    client.set(Prefix.parse(inner));

    assertThat(Prefix.parse(outer).contains(Prefix.parse(inner))).isEqualTo(contained);
    assertThat(Prefix.parse(outer).contains(client)).isEqualTo(contained);
  }

  @Test
  void clientsKeepOnlyTheirKnownBits() {
    ClientAddress client = new ClientAddress();
    client.setIpv4(0xC0000281, 24);
    assertThat(Prefix.of(client)).hasToString("192.0.2.0/24");
    client.setIpv6(0x20010DB8_00010002L, -1, 56);
    assertThat(Prefix.of(client)).hasToString("2001:db8:1::/56");
    client.setIpv6(0x20010DB8_00010002L, -1, 65);
    assertThat(Prefix.of(client)).hasToString("2001:db8:1:2:8000::/65");
    client.setIpv4(-1, 0);
    assertThat(Prefix.of(client)).hasToString("0.0.0.0/0");
  }

  @Test
  @Rfc(number = 4291, sections = "2.5.5.2")
  void mappedClientIsThatIpv4Client() {
    ClientAddress client = new ClientAddress();
    client.setIpv6(0, 0x0000FFFF_C0000281L, 120);

    assertThat(client.isIpv4()).isTrue();
    assertThat(Prefix.of(client)).hasToString("192.0.2.0/24");
    assertThat(client.ipv4()).isEqualTo(0xC0000200);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void textAgreesWithTheJdk(long seed) throws UnknownHostException {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(octets);
      for (int zero = random.nextInt(octets.length); zero > 0; zero--) {
        octets[random.nextInt(octets.length)] = 0;
      }
      Prefix prefix = Prefix.of(octets, octets.length * 8);
      assertThat(Prefix.parse(InetAddress.getByAddress(octets).getHostAddress())).isEqualTo(prefix);
      assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
    }
  }
}
