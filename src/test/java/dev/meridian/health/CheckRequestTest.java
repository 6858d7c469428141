package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckRequestTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "X Y", "X:", "X\r\nY", "Ü", "(X)", "\"X\""})
  @Rfc(number = 9110, sections = "5.6.2")
  void aHeaderNameThatIsNoTokenIsRefused(String name) {
    assertThatThrownBy(() -> new CheckRequest("GET", Map.of(name, "v"), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + name + "' is not a header's name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " v", "v ", "a\r\nB: c", "a\nb", "a\0b", "ü"})
  @Rfc(number = 9110, sections = "5.5")
  @Check("S81")
  void aHeaderValueThatCouldBeReadAsAnythingElseIsRefused(String value) {
    assertThatThrownBy(() -> new CheckRequest("GET", Map.of("X", value), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the value of the header X is not 1 to 1024 printable");
  }

  @Test
  @Check("S83")
  void whatIsShownOfARequestHasNoSecretInIt() {
    CheckKind http =
        CheckKind.https(null)
            .withRequest(
                new CheckRequest("POST", Map.of("Authorization", "Bearer s3cret"), "pass=w0rd"));
    assertThat(http.toString())
        .contains("Authorization", "POST")
        .doesNotContain("s3cret")
        .doesNotContain("w0rd");
  }
}
