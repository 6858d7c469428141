package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meridian.testkit.Niceness;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Who gives way to threads that answer; read from {@code /proc}, where Linux tells. */
@EnabledOnOs(OS.LINUX)
class BackgroundTest {
  @BeforeEach
  void onlyWhereThereIsRoomBelow() {
    assumeThat(Niceness.own()).isLessThan(Niceness.steppedBack());
  }

  @Test
  void aThreadInTheBackgroundStepsBackAndWhoMakesItDoesNot() {
    int before = Niceness.own();
    CompletableFuture<Integer> inside = new CompletableFuture<>();
    Background.threads("background-test").newThread(() -> inside.complete(Niceness.own())).start();
    assertThat(inside.join()).isEqualTo(Niceness.steppedBack());
    assertThat(Niceness.own()).isEqualTo(before);
  }

  @Test
  void theCompilersOfTheJvmStepBack() throws IOException {
    Background.compilers();
    assertThat(Niceness.ofThreads(" CompilerThre"))
        .isNotEmpty()
        .containsOnly(Niceness.steppedBack());
  }

  @Test
  void nobodyElseStepsBackWithTheCompilers() throws IOException {
    Background.compilers();
    assertThat(Niceness.ofThreads("VM Thread"))
        .isNotEmpty()
        .allMatch(nice -> nice < Niceness.steppedBack());
  }
}
