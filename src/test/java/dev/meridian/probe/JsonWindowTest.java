package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.BodyMatch;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWindowTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/status    | UP   | {\"status\":\"UP\"}                  | true",
        "/status    | UP   | {\"status\":\"DOWN\"}                | false",
        "/status    | UP   | {\"Status\":\"UP\"}                  | false",
        "/a/b       | 3    | {\"x\":[1],\"a\":{\"b\":3}}          | true",
        "/a/1       | true | {\"a\":[false,true]}                | true",
        "/a         | null | {\"a\":null}                        | true",
        "/a~1b/~0   | x    | {\"a/b\":{\"~\":\"x\"}}              | true",
        "''         | UP   | \"UP\"                              | true",
        "/status    | UP   | {\"status\":\"UP\",\"rest\":[[[      | true",
        "/status    | UP   | {\"status\":\"UP                     | false",
        "/status    | UP   | {\"status\":\"DOWN\",\"status\":\"UP\"} | false",
        "/status    | UP   | <html>                             | false",
      })
  void aFieldMustHaveItsValue(String pointer, String value, String body, boolean found) {
    JsonWindow window = new JsonWindow(Map.of(pointer, value));
    window.add(Unpooled.copiedBuffer(body, UTF_8));

    assertThat(window.isFound(true)).isEqualTo(found);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(problem("{\"a\":1}")).isEqualTo("field '/a' is '1', not '2' in 7 octets");
    assertThat(problem("{}")).isEqualTo("there is no field '/a' in 2 octets");
    assertThat(problem("{"))
        .isEqualTo("there is no field '/a', and the body is not complete JSON in 1 octets");
  }

  private static String problem(String body) {
    JsonWindow window = new JsonWindow(Map.of("/a", "2"));
    window.add(Unpooled.copiedBuffer(body, UTF_8));
    assertThat(window.isFound(true)).isFalse();
    return window.missing(" octets").detail();
  }

  @Test
  void whatLiesBehindTheWindowDoesNotCount() {
    JsonWindow window = new JsonWindow(Map.of("/a", "2"));
    window.add(Unpooled.copiedBuffer("{" + " ".repeat(BodyMatch.Json.OCTETS), UTF_8));
    assertThat(window.isFull()).isTrue();
    window.add(Unpooled.copiedBuffer("\"a\":2}", UTF_8));

    assertThat(window.isFound(true)).isFalse();
  }

  @Test
  void noBodyIsTooStrange() {
    Random random = new Random(1);
    String document = "{\"a\":[1,{\"b\":\"\\u0041\"},null,1e9],\"c\":{\"d\":\"UP\"}}";
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = document.getBytes(UTF_8);
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      JsonWindow window = new JsonWindow(Map.of("/c/d", "UP"));
      window.add(Unpooled.wrappedBuffer(octets, 0, random.nextInt(octets.length + 1)));
      if (!window.isFound(true)) {
        assertThat(window.missing("").detail()).isNotEmpty();
      }
    }
  }

  @Test
  void nestingWithoutEndIsCutOff() {
    JsonWindow window = new JsonWindow(Map.of("/a", "2"));
    window.add(Unpooled.copiedBuffer("[".repeat(BodyMatch.Json.OCTETS), UTF_8));

    assertThat(window.isFound(true)).isFalse();
  }
}
