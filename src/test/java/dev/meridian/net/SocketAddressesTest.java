package dev.meridian.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:5300, 127.0.0.1:5300",
    "192.0.2.1:0,    192.0.2.1:0",
    "[::1]:5300,     [0:0:0:0:0:0:0:1]:5300",
    ":53,            [0:0:0:0:0:0:0:0]:53",
    "*:53,           [0:0:0:0:0:0:0:0]:53",
    "0.0.0.0:53,     0.0.0.0:53",
  })
  void readsAndWritesWhatPeopleType(String text, String canonical) {
    assertThat(SocketAddresses.format(SocketAddresses.parse(text))).isEqualTo(canonical);
    assertThat(SocketAddresses.parse(canonical)).isEqualTo(SocketAddresses.parse(text));
  }

  @Test
  void anyAddressIsTheWildcard() {
    assertThat(SocketAddresses.parse(":53").getAddress().isAnyLocalAddress()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,       has no port",
    "[::1],           has no port",
    "::1:53,          in brackets",
    "localhost:53,    names are not resolved",
    "[127.0.0.1]:53,  is not an IP address",
    "127.0.0.1:65536, is not in 0 to 65535",
    "127.0.0.1:,      is not in 0 to 65535",
    "127.0.0.1:dns,   is not in 0 to 65535",
  })
  void saysWhatIsWrong(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SocketAddresses.parse(text))
        .withMessageContaining(message);
  }
}
