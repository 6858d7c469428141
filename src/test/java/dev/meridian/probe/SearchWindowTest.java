package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchWindowTest {
  /** Few letters, so that there are matches and many that almost are. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void piecesAreSearchedAsIfTheyWereOne(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String wanted = text(random, 1 + random.nextInt(12));
      String body = text(random, random.nextInt(6000));
      boolean found = body.substring(0, Math.min(5120, body.length())).contains(wanted);

      assertThat(search(random, wanted, body).isFound(false)).isEqualTo(found);
    }
  }

  @Test
  void theWindowTakesNoMoreThanItSearches() {
    SearchWindow window = search(new Random(1), "b", "a".repeat(9000));

    assertThat(window.length()).isEqualTo(5120);
    assertThat(window.isFull()).isTrue();
  }

  private static SearchWindow search(Random random, String wanted, String body) {
    SearchWindow window = new SearchWindow(wanted);
    int at = 0;
    while (at < body.length()) {
      int end = Math.min(body.length(), at + 1 + random.nextInt(500));
      window.add(Unpooled.copiedBuffer(body.substring(at, end), UTF_8));
      at = end;
    }
    return window;
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(random.nextInt(8) == 0 ? 'b' : 'a');
    }
    return text.toString();
  }
}
