package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckKindTest {
  @Test
  void httpsVerifiesUnlessToldOtherwise() {
    CheckKind.Http https = CheckKind.https("www.example.com");

    assertThat(https.port()).isEqualTo(443);
    assertThat(https.path()).isEqualTo("/");
    assertThat(https.tls()).isEqualTo(new CheckKind.Tls(true, true));
    assertThat(CheckKind.http(null).tls()).isNull();
  }

  @Test
  void aPathGetsItsLeadingSlash() {
    assertThat(CheckKind.http(null).withPath("healthz?full=1").path()).isEqualTo("/healthz?full=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/a\r\nHost: evil", "/ü"})
  void aPathThatWouldNotBeOneRequestLineIsRefused(String path) {
    assertThatThrownBy(() -> CheckKind.http(null).withPath(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a request path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"www.example.com", "localhost", "my_host.example", "192.0.2.1", "::1"})
  void aHostIsANameOrAnAddress(String host) {
    assertThat(CheckKind.http(host).host()).isEqualTo(host);
  }

  @Test
  void theDotAtTheEndOfAHostIsDropped() {
    assertThat(CheckKind.https("www.example.com.").host()).isEqualTo("www.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a..b", "x\r\nCookie: 1", "example.com:80", "[::1]", "ü.de"})
  void aHostThatWouldNotBeOneHeaderIsRefused(String host) {
    assertThatThrownBy(() -> CheckKind.http(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a host name or an address");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void aPortIsInRange(int port) {
    assertThatThrownBy(() -> new CheckKind.Tcp(port)).hasMessageContaining("1..65535");
    assertThatThrownBy(() -> CheckKind.http(null).withPort(port)).hasMessageContaining("1..65535");
  }

  @Test
  void aSearchStringHasOneTo255Octets() {
    CheckKind.Http http = CheckKind.http(null);

    assertThat(http.withSearchString("x".repeat(255)).match())
        .isEqualTo(new BodyMatch.Search("x".repeat(255)));
    assertThatThrownBy(() -> http.withSearchString("")).hasMessageContaining("1 to 255");
    assertThatThrownBy(() -> http.withSearchString("ü".repeat(128)))
        .hasMessageContaining("256 octets");
  }
}
